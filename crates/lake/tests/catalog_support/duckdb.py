"""Runs statements in a DuckDB that has a DuckLake attached as `lake`; answers as JSON.

Arguments: what to attach, options of ATTACH. Standard input: a JSON list of statements.
Standard output: a JSON list with the rows of each; `{"missing": extension}` if one is not installed.
"""

import glob
import importlib.util
import json
import os
import sys

import duckdb


def load(connection, extension):
    found = importlib.util.find_spec(f"duckdb_extension_{extension}")
    if found is None:
        print(json.dumps({"missing": extension}))
        sys.exit(0)
    folder = list(found.submodule_search_locations)[0]
    path = glob.glob(os.path.join(folder, "extensions", "*", "*.duckdb_extension"))[0]
    connection.execute(f"LOAD '{path}'")


attach, options = sys.argv[1], sys.argv[2]
connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
scanner = "postgres_scanner" if attach.startswith("ducklake:postgres:") else "sqlite_scanner"
for extension in (scanner, "ducklake"):
    load(connection, extension)
connection.execute("SET TimeZone = 'UTC'")
connection.execute(f"ATTACH '{attach}' AS lake {options}")
answers = []
for statement in json.load(sys.stdin):
    try:
        answers.append([list(row) for row in connection.execute(statement).fetchall()])
    except duckdb.Error as error:
        sys.exit(f"{statement}\n{error}")
connection.close()
print(json.dumps(answers, default=str))
