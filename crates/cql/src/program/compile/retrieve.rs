//! Retrieves.

use std::sync::Arc;

use super::body::Body;
use crate::elm::{Kind, Node};
use crate::program::error::ProgramProblem;
use crate::program::expression::ExpressionKind;
use crate::program::path::Path;
use crate::program::retrieve::{CodesOperand, DatePath, Retrieve};
use crate::program::types::{fhir_type, is_resource};

impl<'l> Body<'_, 'l> {
    pub(super) fn retrieve(&mut self, node: &'l Node) -> ExpressionKind {
        let unsupported = [
            ("include", "`include` in a retrieve"),
            ("codeFilter", "`codeFilter` in a retrieve"),
            ("dateFilter", "`dateFilter` in a retrieve"),
            ("otherFilter", "`otherFilter` in a retrieve"),
        ];
        for (field, what) in unsupported {
            if node.nodes(field).next().is_some() {
                return self.report(node, ProgramProblem::Unsupported { what });
            }
        }
        let Some(name) = node.qualified("dataType") else {
            return self.malformed(node, "dataType");
        };
        let found = fhir_type(name, self.compiler.models);
        let Some(ty) = found.filter(|ty| is_resource(*ty)) else {
            let name = format!("{{{}}}{}", name.url, name.name);
            return self.report(node, ProgramProblem::UnknownType { name });
        };
        let path = |field: &str| node.text(field).and_then(Path::parse);
        let code_path = path("codeProperty");
        let codes = self.codes(node);
        let date_path = match (path("dateProperty"), path("dateLowProperty")) {
            (Some(one), _) => Some(DatePath::One(one)),
            (None, Some(low)) => path("dateHighProperty").map(|high| DatePath::Between(low, high)),
            (None, None) => None,
        };
        let id = match (path("idProperty"), node.node("id")) {
            (Some(path), Some(id)) => Some((path, self.expression(id))),
            _ => None,
        };
        let number = self.compiler.retrieve_count;
        self.compiler.retrieve_count += 1;
        let retrieve = Retrieve {
            number,
            ty,
            template: node.text("templateId").map(Into::into),
            code_path_text: Arc::from(node.text("codeProperty").unwrap_or_default()),
            code_path,
            codes,
            date_path,
            dates: self.optional(node, "dateRange"),
            id,
            context: self.optional(node, "context"),
        };
        if retrieve.codes.is_some() && retrieve.code_path.is_none() {
            return self.malformed(node, "codeProperty");
        }
        if retrieve.dates.is_some() && retrieve.date_path.is_none() {
            return self.malformed(node, "dateProperty");
        }
        ExpressionKind::Retrieve(Box::new(retrieve))
    }

    fn codes(&mut self, node: &'l Node) -> Option<CodesOperand> {
        let codes = node.node("codes")?;
        // A value set is asked whether it has a code; nothing is expanded.
        let reference = match codes.kind() {
            Kind::ValueSetRef => Some(codes),
            Kind::ExpandValueSet => codes.node("operand"),
            _ => None,
        };
        if let Some(reference) = reference.filter(|one| one.kind() == Kind::ValueSetRef) {
            let number = self.value_set(reference)?;
            return self.vocabulary(number).map(CodesOperand::ValueSet);
        }
        Some(CodesOperand::Expression(self.expression(codes)))
    }
}
