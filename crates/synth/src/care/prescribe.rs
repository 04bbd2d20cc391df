//! Medicines: treatment ladders, renewal, titration, acute courses, dispensing.

use super::Care;
use crate::calendar::Day;
use crate::chart::{Dispense, EncounterIndex, Order};
use crate::content::{Disease, FacilityKind, Line, Medicine, OrderStatus, names};
use crate::health::Active;

/// eGFR in mL/min/1.73 m² below which a medicine is not begun (US labels; KDIGO 2024; AGS Beers 2023).
fn egfr_needed(medicine: &Medicine) -> f64 {
    match (medicine.ingredient.as_str(), medicine.class.as_deref()) {
        ("metformin", _) => 32.0,
        ("spironolactone" | "nitrofurantoin", _) | (_, Some("nsaid")) => 30.0,
        ("empagliflozin", _) => 20.0,
        _ => 0.0,
    }
}

/// A chronic order is good for a year.
const CHRONIC_DAYS: i32 = 365;

impl<'w> Care<'w> {
    /// How many medicines of a condition's ladder run on a day.
    pub(super) fn level(&self, condition: &str, day: Day) -> usize {
        let running = self
            .chart
            .orders
            .iter()
            .filter(|o| o.ladder == Some(condition) && o.running(day));
        let mut ingredients: Vec<&str> = running.map(|o| o.medicine.ingredient.as_str()).collect();
        ingredients.sort_unstable();
        ingredients.dedup();
        ingredients.len()
    }

    /// Renews, starts and steps up at a planned visit.
    pub(super) fn treat(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        self.ask_side_effects(encounter, day);
        self.renew(encounter, day);
        self.stop_for_kidney(day);
        self.refer(encounter);
        for (active, code) in self.told(day) {
            let level = self.level(&active.disease.id, day);
            let above = self.above_goal(active.disease);
            if level > 0 && above && self.chance.happens(active.disease.steps_up) {
                if self.titrate(encounter, active.disease, code, day) {
                    continue;
                }
                self.next_line(encounter, active, code, level, day);
            } else if level == 0 {
                self.begin(encounter, active, code, day);
            } else {
                self.waiting_line(encounter, active, code, level, day);
            }
        }
    }

    /// Lines of treatment that a state asks for, in order.
    fn lines(active: Active<'w>) -> impl Iterator<Item = &'w Line> {
        let lines = active.disease.line.iter();
        lines.filter(move |line| names(&line.state, active.state))
    }

    /// The same, with those that only go on.
    fn kept_lines(active: Active<'w>) -> impl Iterator<Item = &'w Line> {
        let lines = active.disease.line.iter();
        lines.filter(move |line| {
            names(&line.state, active.state) || line.maintain.contains(&active.state.id)
        })
    }

    fn begin(&mut self, encounter: EncounterIndex, active: Active<'w>, code: &'w str, day: Day) {
        let Some(line) = Self::lines(active).next() else {
            return;
        };
        if self.chance.happens(0.6 * line.share) {
            self.add_line(encounter, active.disease, code, line, day);
        }
    }

    fn next_line(
        &mut self,
        encounter: EncounterIndex,
        active: Active<'w>,
        code: &'w str,
        level: usize,
        day: Day,
    ) {
        if let Some(line) = Self::lines(active).nth(level)
            && self.chance.happens(line.share)
        {
            self.add_line(encounter, active.disease, code, line, day);
        }
    }

    /// Lines that wait for no goal are added one after another.
    fn waiting_line(
        &mut self,
        encounter: EncounterIndex,
        active: Active<'w>,
        code: &'w str,
        level: usize,
        day: Day,
    ) {
        let next = Self::lines(active).nth(level).filter(|line| line.always);
        if let Some(line) = next
            && self.chance.happens(0.3 * line.share)
        {
            self.add_line(encounter, active.disease, code, line, day);
        }
    }

    /// A disease that was there before the records began comes with its treatment.
    pub(super) fn treat_already(
        &mut self,
        encounter: EncounterIndex,
        active: Active<'w>,
        code: &'w str,
    ) {
        let day = self.start(encounter).day;
        for (level, line) in Self::kept_lines(active).enumerate() {
            let needed = if level == 0 || line.always {
                line.share
            } else if self.latent_above_goal(active.disease, day) {
                0.7 * line.share
            } else {
                0.04
            };
            if !self.chance.happens(needed) {
                return;
            }
            self.add_line(encounter, active.disease, code, line, day);
            if self.latent_above_goal(active.disease, day) && self.chance.happens(0.6) {
                self.titrate(encounter, active.disease, code, day);
            }
        }
    }

    /// Whether the last measurement of a goal is above it.
    fn above_goal(&self, disease: &Disease) -> bool {
        let mut goals = disease.goal.iter();
        goals.any(|goal| {
            let last = self.last.get(goal.measure.as_str());
            last.is_some_and(|&value| value >= goal.above)
        })
    }

    /// Whether the body is above a goal with what is taken, given time to work.
    fn latent_above_goal(&self, disease: &Disease, day: Day) -> bool {
        let mut taken = self.taken(day);
        taken.iter_mut().for_each(|t| t.days = 365);
        let mut goals = disease.goal.iter();
        goals.any(|goal| {
            let latent = self.latent(&goal.measure, day, &taken);
            latent.is_some_and(|value| value >= goal.above - 2.0 * f64::from(value > 50.0))
        })
    }

    /// The next strength of a medicine of the disease, if there is one.
    fn titrate(
        &mut self,
        encounter: EncounterIndex,
        disease: &'w Disease,
        code: &'w str,
        day: Day,
    ) -> bool {
        let content = &self.world.content;
        let found = self.chart.orders.iter_mut().find_map(|order| {
            let mine = order.ladder == Some(disease.id.as_str()) && !order.planted;
            let stronger = order.medicine.stronger.as_deref();
            let stronger =
                stronger.filter(|_| mine && order.running(day) && order.stopped.is_none());
            let stronger = stronger.and_then(|id| content.medicine(id))?;
            // An order of this very visit is written with the stronger dose at once.
            if order.encounter == encounter {
                order.medicine = stronger;
                return Some(None);
            }
            order.stopped = Some(day);
            order.stopped_for = Some("dose increased");
            Some(Some(stronger))
        });
        if let Some(Some(stronger)) = found {
            let ladder = Some(disease.id.as_str());
            self.write_order(encounter, stronger, CHRONIC_DAYS, ladder, Some(code));
        }
        found.is_some()
    }

    /// Some weeks after a medicine was begun, some stop it because of side effects and get another.
    fn ask_side_effects(&mut self, encounter: EncounterIndex, day: Day) {
        let mut stopped = Vec::new();
        for at in 0..self.chart.orders.len() {
            let Some(order) = self.chart.orders.get(at) else {
                continue;
            };
            let due = order.ladder.is_some() && !order.reviewed && !order.planted;
            let since = day - order.authored.day;
            if !due || since < 10 || order.stopped.is_some() {
                continue;
            }
            let new = since < 240 && !self.had_before(order);
            let bad = new && self.chance.happens(order.medicine.intolerance);
            if let Some(order) = self.chart.orders.get_mut(at) {
                order.reviewed = true;
                if bad && order.running(day) {
                    order.stopped = Some(day);
                    order.stopped_for = Some("side effects");
                    stopped.push((order.medicine, order.ladder));
                }
            }
        }
        for (medicine, ladder) in stopped {
            self.switch(encounter, medicine, ladder, day);
        }
    }

    fn had_before(&self, order: &Order<'_>) -> bool {
        let mut others = self.chart.orders.iter();
        others.any(|o| {
            o.medicine.ingredient == order.medicine.ingredient && o.authored < order.authored
        })
    }

    /// Another medicine of the same line in place of one that was not borne.
    fn switch(
        &mut self,
        encounter: EncounterIndex,
        medicine: &'w Medicine,
        ladder: Option<&'w str>,
        day: Day,
    ) {
        let told = self.told(day).into_iter();
        let mut mine = told.filter(|(active, _)| Some(active.disease.id.as_str()) == ladder);
        let Some((active, code)) = mine.next() else {
            return;
        };
        let line = Self::lines(active).find(|line| line.medicines.contains(&medicine.id));
        if let Some(line) = line.filter(|line| line.medicines.len() > 1) {
            self.add_line(encounter, active.disease, code, line, day);
        }
    }

    fn add_line(
        &mut self,
        encounter: EncounterIndex,
        disease: &'w Disease,
        code: &'w str,
        line: &'w Line,
        day: Day,
    ) {
        let content = &self.world.content;
        let fitting: Vec<&'w Medicine> = line
            .medicines
            .iter()
            .filter_map(|id| content.medicine(id))
            .filter(|m| self.fits(m, day) && !self.not_borne(m))
            .collect();
        let Some(&medicine) = self.chance.pick(&fitting) else {
            return;
        };
        let ladder = Some(disease.id.as_str());
        self.write_order(encounter, medicine, CHRONIC_DAYS, ladder, Some(code));
        // One in eight first prescriptions is never picked up (Fischer 2010, J Gen Intern Med 25:284,
        // finds 28 % in electronic ones; those are mostly bought later).
        let never = self.chance.happens(0.12);
        if let Some(order) = self.chart.orders.last_mut() {
            order.never_filled = never;
        }
    }

    fn not_borne(&self, medicine: &Medicine) -> bool {
        let mut orders = self.chart.orders.iter();
        orders.any(|o| {
            o.medicine.ingredient == medicine.ingredient && o.stopped_for == Some("side effects")
        })
    }

    /// Neither allergic, nor doubled, nor against the kidney, nor a high-priority pair.
    pub(super) fn fits(&self, medicine: &Medicine, day: Day) -> bool {
        let same_product = |o: &Order<'_>| o.medicine.ingredient == medicine.ingredient;
        let other_of_class = |o: &Order<'_>| {
            medicine.class.is_some()
                && o.medicine.class == medicine.class
                && o.medicine.ingredient != medicine.ingredient
        };
        let pair = |o: &Order<'_>| {
            let (a, b) = (&o.medicine.ingredient, &medicine.ingredient);
            self.world.content.interactions.item(a, b).is_some()
        };
        let mut running = self.chart.orders.iter().filter(|o| o.running(day));
        let clash = running.any(|o| same_product(o) || other_of_class(o) || pair(o));
        let egfr = self.latent("egfr", day, &[]).unwrap_or(90.0);
        let kidney = egfr < egfr_needed(medicine);
        !clash && !kidney && !self.allergic(medicine) && !self.harms_child(medicine, day)
    }

    /// Whether a recorded allergy speaks against it: the ingredient, a penicillin for a penicillin, or ibuprofen for
    /// its class and for aspirin, as their labels warn.
    pub(super) fn allergic(&self, medicine: &Medicine) -> bool {
        let penicillin = |rxcui: &str| matches!(rxcui, "723" | "7984");
        let rxcui = medicine.ingredient_rxcui.as_deref().unwrap_or("");
        let like_ibuprofen = medicine.class.as_deref() == Some("nsaid") || rxcui == "1191";
        self.chart.allergies.iter().any(|a| {
            a.rxcui == rxcui
                || (penicillin(a.rxcui) && penicillin(rxcui))
                || (a.rxcui == "5640" && like_ibuprofen)
        })
    }

    /// Most clinicians stop metformin when the kidney fails; some do not.
    fn stop_for_kidney(&mut self, day: Day) {
        let low = self.last.get("egfr").is_some_and(|&egfr| egfr < 30.0);
        if !low {
            return;
        }
        for order in &mut self.chart.orders {
            let metformin = order.medicine.ingredient == "metformin" && !order.planted;
            if metformin
                && order.running(day)
                && order.stopped.is_none()
                && self.chance.happens(0.8)
            {
                order.stopped = Some(day);
            }
        }
    }

    /// Writes the next year's order for what runs out before the visit after next; the new order takes
    /// the place of the old one.
    fn renew(&mut self, encounter: EncounterIndex, day: Day) {
        let mut ending = Vec::new();
        for (at, order) in self.chart.orders.iter().enumerate() {
            let last = order.last_day();
            let ends = order.stopped.is_none() && (day - 400..=day + 150).contains(&last);
            if ends && order.ladder.is_some() && !order.planted && self.goes_on(order, day) {
                ending.push((at, order.medicine, order.ladder, order.reason));
            }
        }
        for (at, medicine, ladder, reason) in ending {
            self.write_order(encounter, medicine, CHRONIC_DAYS, ladder, reason);
            if let Some(old) = self.chart.orders.get_mut(at) {
                old.renewed = true;
                old.stopped = (old.last_day() >= day).then_some(day);
            }
        }
    }

    /// Whether an order should be renewed: not yet done, the condition still there, the kidney allows.
    fn goes_on(&self, order: &Order<'w>, day: Day) -> bool {
        let renewed = order.renewed
            || self.chart.orders.iter().any(|o| {
                o.medicine.ingredient == order.medicine.ingredient && o.authored > order.authored
            });
        let mut told = self.told(day).into_iter();
        let still = told.any(|(active, _)| {
            let asked = || Self::kept_lines(active).next().is_some();
            Some(active.disease.id.as_str()) == order.ladder && asked()
        });
        let low = self.last.get("egfr").is_some_and(|&egfr| egfr < 30.0);
        let low = low && order.medicine.ingredient == "metformin";
        !renewed && still && !low && !self.harms_child(order.medicine, day)
    }

    /// A course for an acute illness, if something fits.
    pub(super) fn prescribe_acute(&mut self, encounter: EncounterIndex, medicines: &'w [String]) {
        let day = self.start(encounter).day;
        let child = self.chart.person.age(day) < 12.0;
        let content = &self.world.content;
        let fitting: Vec<&'w Medicine> = medicines
            .iter()
            .map(|id| match id.as_str() {
                // Small children get a suspension.
                "amoxicillin-500" if child => "amoxicillin-suspension",
                "amoxicillin-suspension" if !child => "amoxicillin-500",
                id => id,
            })
            .filter_map(|id| content.medicine(id))
            .filter(|m| !child || m.ingredient == "amoxicillin" || m.ingredient == "ondansetron")
            .filter(|m| self.fits(m, day))
            .collect();
        if let Some(&medicine) = self.chance.pick(&fitting) {
            let reason = self.chart.encounters.get(encounter).and_then(|e| e.reason);
            self.write_order(encounter, medicine, medicine.days, None, reason);
        }
    }

    pub(super) fn write_order(
        &mut self,
        encounter: EncounterIndex,
        medicine: &'w Medicine,
        supply_days: i32,
        ladder: Option<&'w str>,
        reason: Option<&'w str>,
    ) {
        self.chart.orders.push(Order {
            medicine,
            authored: self.start(encounter).plus_minutes(12),
            encounter,
            supply_days,
            ladder,
            status: OrderStatus::Active,
            stopped: None,
            renewed: false,
            reason,
            stopped_for: None,
            reviewed: false,
            never_filled: false,
            dose: None,
            route: None,
            planted: false,
        });
    }

    /// Status at the end of the data.
    pub(super) fn close_orders(&mut self) {
        let alive = self.chart.person.death.is_none();
        for order in &mut self.chart.orders {
            if order.planted || order.is_void() {
                continue;
            }
            let stopped_early = order
                .stopped
                .is_some_and(|day| day < order.authored.day + order.supply_days);
            order.status = if alive && order.running(self.world.end) {
                OrderStatus::Active
            } else if stopped_early && !order.renewed {
                OrderStatus::Stopped
            } else {
                OrderStatus::Completed
            };
        }
    }

    /// Fills of each order: acute ones nearly always, chronic ones by adherence.
    pub(super) fn dispense(&mut self) {
        let home = self.chart.person.home;
        let near = self.world.nearest(FacilityKind::Pharmacy, home);
        let pharmacy = near.first().copied().unwrap_or(0);
        let last_alive = self.chart.person.death.unwrap_or(i32::MAX) - 1;
        let adherence = self.health.adherence;
        for (index, order) in self.chart.orders.iter().enumerate() {
            if order.is_void() || order.never_filled {
                continue;
            }
            let keeps = if order.ladder.is_some() {
                0.42 + 0.58 * adherence
            } else {
                0.92
            };
            let last = order.last_day().min(self.world.end).min(last_alive);
            let mut day = order.authored.day + self.chance.between(0, 2);
            while day <= last {
                if self.chance.happens(keeps) || order.planted {
                    self.chart.dispenses.push(Dispense {
                        order: index,
                        day,
                        pharmacy,
                    });
                }
                day += order.medicine.days.max(7) + self.chance.between(0, 4);
            }
        }
    }
}
