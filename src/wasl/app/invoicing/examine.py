"""Judging a document by its seller's profile: the official rules on its bytes, and the law's own checks on its model.

The composer asks the same question while somebody types, so what it shows is what issuing will say.
"""

from __future__ import annotations

from dataclasses import dataclass

from wasl.app.invoicing.errors import IssueRefused
from wasl.app.tenancy.models import Organisation
from wasl.invoice.model import Invoice
from wasl.regimes import Regime, regime_of
from wasl.regimes.checks import CheckFinding
from wasl.rules import Finding, Report, validate


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found: `report` of the official rules, `checks` of the seller's law."""

    report: Report
    checks: tuple[CheckFinding, ...]

    @property
    def fatal(self) -> list[Finding | CheckFinding]:
        found: list[Finding | CheckFinding] = [*self.report.findings, *self.checks]
        return [finding for finding in found if finding.severity == "fatal"]

    @property
    def passes(self) -> bool:
        """Nothing fatal, and nothing left unchecked."""
        return self.report.valid is True and not self.fatal

    @property
    def warnings(self) -> tuple[str, ...]:
        found: list[Finding | CheckFinding] = [*self.report.findings, *self.checks]
        return tuple(sorted({finding.rule for finding in found if finding.severity != "fatal"}))


def regime_for(org: Organisation) -> Regime | None:
    """The law of the seller's country, where its profile says that it issues under it."""
    found = regime_of(org.country)
    return found if found is not None and found.code == org.profile else None


def examine(org: Organisation, invoice: Invoice, document: bytes) -> Examination:
    law = regime_for(org)
    return Examination(validate(document, profile=org.profile), tuple(law.checks(invoice)) if law else ())


def require_valid(org: Organisation, invoice: Invoice, document: bytes) -> Examination:
    """The examination, or IssueRefused with every fatal finding."""
    examination = examine(org, invoice, document)
    if not examination.passes:
        raise IssueRefused(examination=examination, document=document, profile=org.profile)
    return examination
