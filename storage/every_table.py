"""All files that declare tables, for what looks at the whole schema."""

import storage.tables
import storage.tables_broadcasts
import storage.tables_checks
import storage.tables_console
import storage.tables_marks
import storage.tables_mini
import storage.tables_papers
import storage.tables_placing
import storage.tables_proofs
import storage.tables_reminders
import storage.tables_sentences
import storage.tables_sheets
import storage.tables_tasks
import storage.tables_vitals  # noqa: F401
