//! Framed bytes become gathered resources: what each one is, and what of it goes to the quarantine.

use std::sync::Arc;

use foldhash::HashMap;
use salus_base::{Code, suggest};
use salus_fhir::schema::{TypeId, r4};
use twox_hash::{XxHash3_64, XxHash3_128};

use crate::rows::id_hash;
use crate::source::{BundleInfo, Chunk, DeleteInfo, Frame, FrameKind};
use salus_columns::{FLAG_ID_ASSIGNED, JsonError, RowMeta};

use super::batch::Batch;
use super::codes;
use super::gather::{Arrival, Gather, Pending};
use super::keys::{bucket, look, resource_type};
use super::quarantine::QuarantineRow;

/// Where a chunk comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// The load.
    pub load: i64,
    /// The source.
    pub source: i64,
    /// Number of the chunk's first frame in the source.
    pub first_frame: u64,
}

/// What a worker takes out of one chunk.
#[derive(Debug, Default)]
pub struct Taken {
    /// Resources, by type.
    pub gathers: HashMap<TypeId, Gather>,
    /// Resources taken.
    pub resources: u64,
    /// Bad pieces.
    pub quarantined: u64,
}

struct Taker<'b> {
    batch: &'b Batch,
    origin: Origin,
    taken: Taken,
    scratch: String,
}

/// Why one resource is refused.
struct Refusal {
    code: Code,
    reason: String,
}

impl Refusal {
    fn new(code: Code, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Self {
        Self::new(codes::ROW_NOT_JSON, error.to_string())
    }
}

/// Takes the resources out of a chunk. Bad pieces and deletions go to `batch` at once.
#[must_use]
pub fn take(batch: &Batch, chunk: &Chunk, origin: Origin) -> Taken {
    let mut taker = Taker {
        batch,
        origin,
        taken: Taken::default(),
        scratch: String::new(),
    };
    for (index, frame) in chunk.frames.iter().enumerate() {
        let bytes = chunk.bytes(frame);
        let arrival = Arrival {
            source: origin.source,
            frame: origin.first_frame + index as u64,
        };
        let refusal = match &frame.kind {
            FrameKind::Bad(defect) => Err(Refusal::new(defect.code(), defect.to_string())),
            FrameKind::Delete(delete) => taker.delete(delete, arrival),
            FrameKind::Entry(entry) => taker.resource(
                bytes,
                frame,
                arrival,
                || entry.id_if_missing(),
                Some(&entry.bundle),
            ),
            FrameKind::Line | FrameKind::Whole | FrameKind::Element => {
                taker.resource(bytes, frame, arrival, || None, None)
            }
        };
        if let Err(refusal) = refusal {
            taker.quarantine(frame, bytes, refusal);
        }
    }
    taker.taken
}

impl Taker<'_> {
    fn resource(
        &mut self,
        bytes: &[u8],
        frame: &Frame,
        arrival: Arrival,
        id_if_missing: impl FnOnce() -> Option<String>,
        bundle: Option<&Arc<BundleInfo>>,
    ) -> Result<(), Refusal> {
        let Ok(json) = std::str::from_utf8(bytes) else {
            return Err(Refusal::new(codes::ROW_NOT_JSON, "not valid UTF-8"));
        };
        let resource = self.type_of(json)?;
        let keys = look(json, resource, &mut self.scratch)?;
        let assigned = match keys.id {
            Some("") => return Err(Refusal::new(codes::ROW_BAD_ID, "`id` is empty")),
            Some(_) => None,
            None if has_id(json, &mut self.scratch)? => {
                return Err(Refusal::new(codes::ROW_BAD_ID, "`id` is not plain text"));
            }
            None => Some(id_if_missing().unwrap_or_else(|| id_from_content(bytes))),
        };
        let id = assigned.as_deref().or(keys.id).unwrap_or_default();
        let is_patient = r4().get(resource).name == "Patient";
        let patient = if is_patient {
            Some(id.to_owned())
        } else {
            keys.patient.and_then(|key| patient_key(key, bundle))
        };
        let meta = RowMeta {
            bucket: bucket(patient.as_deref()),
            patient,
            code: keys.code.map(str::to_owned),
            date_us: keys.date_us,
            load: self.origin.load,
            source: self.origin.source,
            offset: i64::try_from(frame.offset).unwrap_or(i64::MAX),
            digest: XxHash3_64::oneshot(bytes).cast_signed(),
            flags: if assigned.is_some() {
                FLAG_ID_ASSIGNED
            } else {
                0
            },
        };
        let row = Pending {
            start: 0,
            end: 0,
            meta,
            id_hash: id_hash(id),
            version: keys.version,
            arrival,
            bundle: bundle.cloned(),
        };
        self.taken
            .gathers
            .entry(resource)
            .or_default()
            .push(json, assigned.as_deref(), row);
        self.taken.resources += 1;
        Ok(())
    }

    fn type_of(&mut self, json: &str) -> Result<TypeId, Refusal> {
        let Some(name) = resource_type(json, &mut self.scratch)? else {
            return Err(Refusal::new(
                codes::ROW_NO_TYPE,
                "there is no `resourceType`",
            ));
        };
        r4().resource(name).ok_or_else(|| unknown_type(name))
    }

    fn delete(&mut self, delete: &DeleteInfo, arrival: Arrival) -> Result<(), Refusal> {
        let resource = r4()
            .resource(&delete.resource_type)
            .ok_or_else(|| unknown_type(&delete.resource_type))?;
        let part = self.batch.of_type(resource);
        let mut written = part.written();
        let latest = written
            .deletes
            .entry(id_hash(&delete.id))
            .or_insert(arrival);
        *latest = arrival.max(*latest);
        Ok(())
    }

    fn quarantine(&mut self, frame: &Frame, bytes: &[u8], refusal: Refusal) {
        self.taken.quarantined += 1;
        self.batch.quarantine(QuarantineRow {
            source: self.origin.source,
            offset: i64::try_from(frame.offset).unwrap_or(i64::MAX),
            code: refusal.code.as_str().to_owned(),
            reason: refusal.reason,
            bytes: bytes.to_vec(),
        });
    }
}

fn unknown_type(name: &str) -> Refusal {
    let names = r4().resources().map(|def| def.name);
    let hint = suggest::closest(name, names)
        .map(|close| format!(" (did you mean `{close}`?)"))
        .unwrap_or_default();
    Refusal::new(
        codes::ROW_UNKNOWN_TYPE,
        format!("FHIR R4 has no resource type `{name}`{hint}"),
    )
}

/// Whether the resource has an id that is not plain text.
fn has_id(json: &str, scratch: &mut String) -> Result<bool, JsonError> {
    let mut cursor = salus_columns::Cursor::new(json);
    cursor.expect(b'{')?;
    let mut first = true;
    while let Some(key) = cursor.next_key(first, scratch)? {
        first = false;
        if key == "id" {
            return Ok(true);
        }
        cursor.peek();
        cursor.skip_unchecked()?;
    }
    Ok(false)
}

/// An id for a resource that has none and that no Bundle names: made from its bytes, so that the same resource
/// gets the same id again.
fn id_from_content(bytes: &[u8]) -> String {
    format!("salus-{:032x}", XxHash3_128::oneshot(bytes))
}

/// The patient's id, where the key is a `urn:…` that the Bundle resolves to a patient.
fn patient_key(key: &str, bundle: Option<&Arc<BundleInfo>>) -> Option<String> {
    if !key.starts_with("urn:") {
        return Some(key.to_owned());
    }
    let resolved = bundle?.names.resolve(key)?;
    resolved.strip_prefix("Patient/").map(str::to_owned)
}
