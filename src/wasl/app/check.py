"""What is unsafe in this installation: `wasl check` says it, `wasl serve` refuses the fatal ones (T114, T118)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from wasl.app.config import INSECURE_SECRET
from wasl.app.tenancy import keys
from wasl.errors import WaslError

SECRET_CHARS_MIN = 32


@dataclass(frozen=True, slots=True)
class Finding:
    """One unsafe setting; a fatal one keeps the server from starting."""

    code: str
    en: str
    ar: str
    fatal: bool = True


def findings(*, public: bool | None = None) -> list[Finding]:
    """All of them. `public` judges as for an address that others can reach; None: as WASL_ORIGIN says."""
    exposed = settings.CONFIG.is_public if public is None else public
    return [*_settings(exposed), *_key(), *_database()]


def _settings(exposed: bool) -> Iterator[Finding]:
    config = settings.CONFIG
    weak = settings.SECRET_KEY == INSECURE_SECRET or len(settings.SECRET_KEY) < SECRET_CHARS_MIN
    if weak and exposed:
        yield Finding("CHECK-SECRET", "WASL_SECRET_KEY is missing or short. Set it to 32 or more random characters.",
                      "المفتاح WASL_SECRET_KEY غير مضبوط أو قصير. اضبطه على 32 رمزًا عشوائيًا أو أكثر.")  # fmt: skip
    if settings.DEBUG and exposed:
        yield Finding("CHECK-DEBUG", "WASL_DEBUG shows tracebacks to strangers. Unset it.",
                      "الإعداد WASL_DEBUG يعرض تفاصيل الأعطال للغرباء. أزله.")  # fmt: skip
    if exposed and not config.is_https:
        yield Finding("CHECK-HTTPS", "The public address WASL_ORIGIN is not https, so anybody on the way can read links and passwords.",
                      "العنوان العام WASL_ORIGIN ليس https، فيستطيع أي وسيط قراءة الروابط وكلمات المرور.")  # fmt: skip
    if exposed and config.bank_url and not config.bank_webhook_secret:
        yield Finding("CHECK-BANK", "WASL_BANK_URL is set without WASL_BANK_WEBHOOK_SECRET, so no webhook can be believed.",
                      "العنوان WASL_BANK_URL مضبوط بلا WASL_BANK_WEBHOOK_SECRET فلا يوثق بأي إشعار.")  # fmt: skip
    if exposed and not config.checkpoint_dir:
        yield Finding("CHECK-STORE", "WASL_CHECKPOINT_DIR is inside the data directory. Put it on another disk, so a restore cannot overwrite it.",
                      "مجلد نقاط التحقق داخل مجلد البيانات. اجعله على قرص آخر كي لا تمحوه استعادة نسخة.", fatal=False)  # fmt: skip


def _key() -> Iterator[Finding]:
    try:
        keys.master()
    except WaslError as error:
        yield Finding("CHECK-KEY", error.message("en"), error.message("ar"))


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')")
            fsync, pages, commit = cursor.fetchone()
        executor = MigrationExecutor(connection)
    except DatabaseError:
        connection.close()
        yield Finding("CHECK-DB", "The database does not answer. Look at DATABASE_URL and at the server's log.",
                      "قاعدة البيانات لا تجيب. راجع DATABASE_URL وسجلّ الخادم.")  # fmt: skip
        return
    for name, value in (("fsync", fsync), ("full_page_writes", pages), ("synchronous_commit", commit)):
        if value == "off":
            yield Finding("CHECK-DURABLE", f"PostgreSQL runs with {name} = {value}: a power cut would lose issued invoices. Switch it on.",
                          f"قاعدة البيانات تعمل بالإعداد {name} = {value}، فانقطاع الكهرباء يضيّع فواتير صادرة. فعّله.")  # fmt: skip
    yield from _migrations(executor)


def _migrations(executor: MigrationExecutor) -> Iterator[Finding]:
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("CHECK-TABLES", "The tables are older than this version of Wasl. Run `wasl serve` once without other processes, or migrate.",
                      "جداول قاعدة البيانات أقدم من هذا الإصدار من وصل. رقّها أولًا.")  # fmt: skip
    loader = executor.loader
    replaced = {part for migration in loader.disk_migrations.values() for part in migration.replaces}
    unknown = {key for key in loader.applied_migrations if key[0] in loader.migrated_apps} - set(loader.disk_migrations) - replaced
    if unknown:
        name = ".".join(min(unknown))
        yield Finding("CHECK-NEWER", f"The tables were made by a newer version of Wasl ({name} is unknown here). Install that version.",
                      f"أُنشئت الجداول بإصدار أحدث من وصل ({name} غير معروف هنا). ثبّت ذلك الإصدار.")  # fmt: skip
