//! Medicines: treatment ladders, renewal, titration, acute courses, dispensing.

use super::Care;
use crate::calendar::Day;
use crate::chart::{Dispense, EncounterIndex, Order};
use crate::content::{FacilityKind, Medicine, OrderStatus, Step};
use crate::health::Episode;

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

impl<'w> Care<'w, '_> {
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

    /// Days since the first order of a condition, if one runs.
    pub(super) fn treated_days(&self, condition: &str, day: Day) -> Option<i32> {
        if self.level(condition, day) == 0 {
            return None;
        }
        let first = self
            .chart
            .orders
            .iter()
            .find(|o| o.ladder == Some(condition));
        first.map(|o| day - o.authored.day)
    }

    /// Renews, starts and steps up at a planned visit.
    pub(super) fn treat(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        self.renew(encounter, day);
        self.stop_for_kidney(day);
        let health = self.health;
        for episode in health.episodes.iter().filter(|e| e.active(day)) {
            let condition = episode.condition;
            let level = self.level(&condition.id, day);
            let Some(step) = condition.step.get(level) else {
                continue;
            };
            let begins = level == 0 && self.chance.happens(0.6 * step.share);
            let steps_up =
                level > 0 && self.uncontrolled(&condition.id) && self.chance.happens(0.42);
            if begins || steps_up {
                self.add_step(encounter, episode, step, day);
            }
        }
    }

    /// A condition that was there before the records began comes with its treatment.
    pub(super) fn treat_already(&mut self, encounter: EncounterIndex, episode: &Episode<'w>) {
        let day = self.start(encounter).day;
        if !episode.active(day) {
            return;
        }
        for (level, step) in episode.condition.step.iter().enumerate() {
            let needed = match episode.condition.id.as_str() {
                _ if level == 0 => step.share,
                "hypertension" => {
                    let latent = self.health.systolic(&self.chart.person, day, level);
                    if latent > 136.0 { 0.72 } else { 0.05 }
                }
                "diabetes" => {
                    if self.health.hba1c(day, level) > 7.4 {
                        0.68
                    } else {
                        0.03
                    }
                }
                "heart-failure" => 0.75,
                _ => 0.3,
            };
            if !self.chance.happens(needed) {
                return;
            }
            self.add_step(encounter, episode, step, day);
        }
    }

    /// Whether the last measurements are above the goal.
    fn uncontrolled(&mut self, condition: &str) -> bool {
        let above = |id: &str, limit: f64| self.last.get(id).is_some_and(|&v| v >= limit);
        match condition {
            "hypertension" => above("systolic", 140.0) || above("diastolic", 90.0),
            "diabetes" => above("hba1c", 7.5),
            "depression" => above("phq9", 10.0),
            "heart-failure" | "copd" => self.chance.happens(0.12),
            _ => false,
        }
    }

    fn add_step(
        &mut self,
        encounter: EncounterIndex,
        episode: &Episode<'w>,
        step: &'w Step,
        day: Day,
    ) {
        let content = &self.world.content;
        let fitting: Vec<&'w Medicine> = step
            .medicines
            .iter()
            .filter_map(|id| content.medicine(id))
            .filter(|m| self.fits(m, day))
            .collect();
        let Some(&medicine) = self.chance.pick(&fitting) else {
            return;
        };
        // The same ingredient in another strength replaces the running one.
        for order in &mut self.chart.orders {
            if order.running(day) && order.medicine.ingredient == medicine.ingredient {
                order.stopped = Some(day);
            }
        }
        let ladder = Some(episode.condition.id.as_str());
        let code = if episode.condition.id == "ckd" {
            self.kidney_code(day)
        } else {
            episode.code
        };
        self.write_order(encounter, medicine, CHRONIC_DAYS, ladder, Some(code));
    }

    /// Neither allergic, nor doubled, nor against the kidney, nor a high-priority pair.
    fn fits(&self, medicine: &Medicine, day: Day) -> bool {
        let same_product = |o: &Order<'_>| o.medicine.id == medicine.id;
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
        let egfr = self.health.egfr(&self.chart.person, day);
        let kidney = egfr < egfr_needed(medicine);
        !clash && !kidney && !self.allergic(medicine)
    }

    /// Whether a recorded allergy speaks against it: the ingredient, or a penicillin for a penicillin.
    fn allergic(&self, medicine: &Medicine) -> bool {
        let penicillin = |rxcui: &str| matches!(rxcui, "723" | "7984");
        self.chart.allergies.iter().any(|a| {
            let rxcui = medicine.ingredient_rxcui.as_deref().unwrap_or("");
            a.rxcui == rxcui || (penicillin(a.rxcui) && penicillin(rxcui))
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
        let mut episodes = self.health.episodes.iter();
        let still =
            episodes.any(|e| Some(e.condition.id.as_str()) == order.ladder && e.active(day));
        let low = self.last.get("egfr").is_some_and(|&egfr| egfr < 30.0);
        !renewed && still && !(low && order.medicine.ingredient == "metformin")
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
            planted: false,
        });
    }

    /// Status at the end of the data.
    pub(super) fn close_orders(&mut self) {
        let alive = self.chart.person.death.is_none();
        for order in &mut self.chart.orders {
            if order.planted {
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
        let adherence = self.health.adherence();
        for (index, order) in self.chart.orders.iter().enumerate() {
            if matches!(
                order.status,
                OrderStatus::Cancelled | OrderStatus::EnteredInError
            ) {
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
