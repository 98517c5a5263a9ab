package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Table;
import java.util.Locale;

/** How the fields of the coordinator's answers look in a table. */
final class Cells {

  private Cells() {}

  /** A field as it is, or the sign for nothing. */
  static String text(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isNull() || value.isMissingNode() ? Table.NOTHING : value.asText();
  }

  /** The first 12 digits of a hash: enough to tell versions apart. */
  static String shortHash(JsonNode row, String field) {
    String hash = text(row, field);
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }

  static String bytes(JsonNode row, String field) {
    JsonNode value = row.path(field);
    if (!value.isNumber()) {
      return Table.NOTHING;
    }
    double bytes = value.asDouble();
    if (bytes < 1e3) {
      return value.asLong() + " B";
    }
    return bytes < 1e6
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** A share such as 0.1, with no more digits than it needs. */
  static String share(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isNumber()
        ? value.decimalValue().stripTrailingZeros().toPlainString()
        : Table.NOTHING;
  }

  static String decimal(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isNumber() ? String.format(Locale.ROOT, "%.4f", value.asDouble()) : Table.NOTHING;
  }
}
