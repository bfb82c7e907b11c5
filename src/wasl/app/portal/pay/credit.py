"""The customer's credit with a seller, laid on one of its invoices in one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from markupsafe import Markup

from wasl.app.payments import credit
from wasl.app.portal.access import allowed
from wasl.app.portal.viewer import Viewer, by_viewer
from wasl.app.tenancy.actor import Actor
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import too_many
from wasl.app.ui.macros import money
from wasl.errors import WaslError
from wasl.invoice.money import from_minor


@require_POST
@by_viewer(role="pay")
def use(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """As much of it as there is and is owed: the customer's own money for its own invoice. A person's own link may, the printed code not."""
    if not allowed(request, viewer):
        return too_many(request)
    try:
        used = credit.apply(viewer.row, actor=Actor.system("portal"))
    except WaslError as error:
        messages.error(request, error.message(current()))
        return HttpResponseRedirect(viewer.url("payer-pay"))
    amount = money(from_minor(used, viewer.row.currency), viewer.row.currency)
    messages.success(request, Markup(_("%(amount)s of your credit was used for this invoice.")) % {"amount": amount})  # noqa: S704
    return HttpResponseRedirect(viewer.base_url)
