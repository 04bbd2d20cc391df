//! The six-part scoreboard: indicators as data, terminal, HTML and JSON.
