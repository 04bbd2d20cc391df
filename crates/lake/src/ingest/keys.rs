//! The first look at a resource: what it is, which version of it, whom it is about, when and what; enough to
//! put it in its place among the others before its columns are built.

use foldhash::HashMap;
use salus_fhir::date;
use salus_fhir::reference::{self, Reference};
use salus_fhir::schema::{Kind, TypeId, clustering, r4};
use std::sync::OnceLock;
use twox_hash::XxHash3_64;

use salus_columns::{Cursor, JsonError};

/// How many buckets patients are hashed into.
pub const BUCKETS: u64 = 256;

/// What the first look found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys<'a> {
    /// The id, if there is one and it is a string without escapes.
    pub id: Option<&'a str>,
    /// `meta.versionId` and `meta.lastUpdated`.
    pub version: Version,
    /// The id of the patient whom the resource is about, or the `urn:…` by which its Bundle knows them.
    pub patient: Option<&'a str>,
    /// The first code of the main coded element.
    pub code: Option<&'a str>,
    /// The main clinical date, microseconds since 1970 UTC: the start of a partial date.
    pub date_us: Option<i64>,
}

/// Which version of a resource this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Version {
    /// `meta.versionId`, where it is a number.
    pub number: Option<u64>,
    /// `meta.lastUpdated`, microseconds since 1970 UTC.
    pub updated_us: Option<i64>,
}

impl Version {
    /// Whether this version is older than `other`: by version number where both have one, else by time of
    /// update where both have one; otherwise neither is older.
    #[must_use]
    pub fn is_older_than(&self, other: &Version) -> bool {
        match (
            self.number.zip(other.number),
            self.updated_us.zip(other.updated_us),
        ) {
            (Some((ours, theirs)), _) if ours != theirs => ours < theirs,
            (_, Some((ours, theirs))) => ours < theirs,
            _ => false,
        }
    }
}

/// The bucket of a patient: 0 to 255; 0 for rows that are about nobody.
#[must_use]
pub fn bucket(patient: Option<&str>) -> i32 {
    let hash = patient.map_or(0, |patient| {
        XxHash3_64::oneshot(patient.as_bytes()) % BUCKETS
    });
    i32::try_from(hash).unwrap_or(0)
}

/// The value of `resourceType`, whole as it is written, wherever it stands in the object.
///
/// # Errors
/// When the brackets and strings of the text do not fit together.
pub fn resource_type<'a>(
    json: &'a str,
    scratch: &mut String,
) -> Result<Option<&'a str>, JsonError> {
    let mut cursor = Cursor::new(json);
    cursor.expect(b'{')?;
    let mut first = true;
    loop {
        let Some(key) = cursor.next_key(first, scratch)? else {
            return Ok(None);
        };
        first = false;
        let found = key == "resourceType";
        if found && cursor.peek() == b'"' {
            return plain_string(&mut cursor, scratch);
        }
        cursor.peek();
        cursor.skip_unchecked()?;
        if found {
            return Ok(None);
        }
    }
}

/// Looks at a resource of type `resource`.
///
/// # Errors
/// When the brackets and strings of the text do not fit together. What is between them is checked later.
pub fn look<'a>(
    json: &'a str,
    resource: TypeId,
    scratch: &mut String,
) -> Result<Keys<'a>, JsonError> {
    let plan = plan(resource);
    let mut cursor = Cursor::new(json);
    let mut keys = Keys::default();
    let mut ranks = Ranks {
        code: usize::MAX,
        date: usize::MAX,
        patient: usize::MAX,
    };
    cursor.expect(b'{')?;
    let mut first = true;
    while let Some(key) = cursor.next_key(first, scratch)? {
        first = false;
        let wanted = plan.members.get(key);
        match key {
            "id" if cursor.peek() == b'"' => keys.id = plain_string(&mut cursor, scratch)?,
            "meta" => keys.version = version(&mut cursor, scratch)?,
            _ => {
                cursor.peek();
                let from = cursor.offset();
                cursor.skip_unchecked()?;
                let value = cursor.slice(from, cursor.offset());
                for want in wanted.into_iter().flatten() {
                    ranks.take(want, value, &mut keys, scratch);
                }
            }
        }
    }
    if plan.is_patient {
        keys.patient = keys.id;
    }
    Ok(keys)
}

/// The string under the cursor, if it holds no escape.
fn plain_string<'a>(
    cursor: &mut Cursor<'a>,
    scratch: &mut String,
) -> Result<Option<&'a str>, JsonError> {
    let from = cursor.offset() + 1;
    let len = cursor.string(scratch)?.len();
    let to = cursor.offset() - 1;
    Ok((to - from == len).then(|| cursor.slice(from, to)))
}

fn version(cursor: &mut Cursor<'_>, scratch: &mut String) -> Result<Version, JsonError> {
    let mut version = Version::default();
    if cursor.peek() != b'{' {
        cursor.skip_unchecked()?;
        return Ok(version);
    }
    cursor.expect(b'{')?;
    let mut first = true;
    while let Some(key) = cursor.next_key(first, scratch)? {
        first = false;
        let (is_id, is_time) = (key == "versionId", key == "lastUpdated");
        if cursor.peek() == b'"' && (is_id || is_time) {
            let text = plain_string(cursor, scratch)?.unwrap_or("");
            if is_id {
                version.number = text.parse().ok();
            } else {
                version.updated_us = start_us(text);
            }
        } else {
            cursor.skip_unchecked()?;
        }
    }
    Ok(version)
}

fn start_us(text: &str) -> Option<i64> {
    date::parse(text).map(|date| date.earliest())
}

/// Where to look in resources of one type.
#[derive(Debug, Default)]
struct Plan {
    is_patient: bool,
    members: HashMap<&'static str, Vec<Want>>,
}

/// One path of interest: what it gives, how much it is preferred (0 most), and the way below its first member.
#[derive(Debug)]
struct Want {
    what: What,
    rank: usize,
    below: Vec<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Code,
    Date,
    Patient,
}

fn plan(resource: TypeId) -> &'static Plan {
    static PLANS: OnceLock<HashMap<TypeId, Plan>> = OnceLock::new();
    static NONE: OnceLock<Plan> = OnceLock::new();
    let plans = PLANS.get_or_init(|| {
        let resources = r4()
            .resources()
            .filter(|def| matches!(def.kind, Kind::Resource));
        resources.map(|def| (def.id, Plan::of(def.name))).collect()
    });
    plans
        .get(&resource)
        .unwrap_or_else(|| NONE.get_or_init(Plan::default))
}

impl Plan {
    fn of(resource: &'static str) -> Self {
        let mut plan = Plan {
            is_patient: resource == "Patient",
            members: HashMap::default(),
        };
        let clustering = clustering(resource);
        plan.add(What::Code, &clustering.code);
        plan.add(What::Date, &clustering.dates);
        plan.add(What::Patient, &clustering.patient);
        plan
    }

    fn add(&mut self, what: What, paths: &'static [&'static str]) {
        for (rank, path) in paths.iter().enumerate() {
            let mut steps = path.split('.');
            if let Some(member) = steps.next() {
                self.members.entry(member).or_default().push(Want {
                    what,
                    rank,
                    below: steps.collect(),
                });
            }
        }
    }
}

struct Ranks {
    code: usize,
    date: usize,
    patient: usize,
}

impl Ranks {
    /// Takes what `want` asks for out of `value`, if it is preferred to what is known.
    fn take<'a>(&mut self, want: &Want, value: &'a str, keys: &mut Keys<'a>, scratch: &mut String) {
        let rank = match want.what {
            What::Code => &mut self.code,
            What::Date => &mut self.date,
            What::Patient => &mut self.patient,
        };
        if want.rank >= *rank {
            return;
        }
        let found = match want.what {
            What::Code => first_text(value, &want.below, &["coding", "code"], scratch)
                .map(|code| keys.code = Some(code)),
            What::Date => first_text(value, &want.below, &["start"], scratch)
                .and_then(start_us)
                .map(|date| keys.date_us = Some(date)),
            What::Patient => first_text(value, &want.below, &["reference"], scratch)
                .and_then(patient_of)
                .map(|patient| keys.patient = Some(patient)),
        };
        if found.is_some() {
            *rank = want.rank;
        }
    }
}

/// The patient that a reference names: an id, or the `urn:…` itself, which its Bundle may resolve.
fn patient_of(text: &str) -> Option<&str> {
    match reference::parse(text) {
        Reference::Relative {
            type_name: "Patient",
            id,
            ..
        }
        | Reference::Absolute {
            type_name: "Patient",
            id,
            ..
        } => Some(id),
        Reference::Urn(_) => Some(text),
        _ => None,
    }
}

/// The first string found going down `path` and then, as long as there are objects, any of `then`; the first
/// item of every list.
fn first_text<'a>(
    json: &'a str,
    path: &[&str],
    then: &[&str],
    scratch: &mut String,
) -> Option<&'a str> {
    let mut cursor = Cursor::new(json);
    match cursor.peek() {
        b'"' => plain_string(&mut cursor, scratch)
            .ok()?
            .filter(|_| path.is_empty()),
        b'[' => {
            cursor.expect(b'[').ok()?;
            cursor.next_item(true).ok()?.then_some(())?;
            first_text(value(&mut cursor)?, path, then, scratch)
        }
        b'{' => {
            cursor.expect(b'{').ok()?;
            let mut first = true;
            while let Some(key) = cursor.next_key(first, scratch).ok()? {
                first = false;
                let below = match path.split_first() {
                    Some((step, below)) if *step == key => Some(below),
                    None if then.contains(&key) => Some(path),
                    _ => None,
                };
                let inside = value(&mut cursor)?;
                if let Some(found) =
                    below.and_then(|below| first_text(inside, below, then, scratch))
                {
                    return Some(found);
                }
            }
            None
        }
        _ => None,
    }
}

fn value<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    cursor.peek();
    let from = cursor.offset();
    cursor.skip_unchecked().ok()?;
    Some(cursor.slice(from, cursor.offset()))
}
