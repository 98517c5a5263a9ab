package io.tacit.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Why a coordinator refused: an {@code application/problem+json} document (RFC 9457) with the
 * fields that Tacit adds.
 *
 * @param document as it was sent; do not change
 */
public record Problem(ObjectNode document) {

  private static final List<String> FACTS =
      List.of("field", "value", "allowed", "line", "column", "remedy");

  /** The document's sentence for people, and below it what, value, allowed range and remedy. */
  public String describe() {
    StringBuilder text = new StringBuilder("Refused: ").append(sentence());
    for (String fact : FACTS) {
      JsonNode value = document.path(fact);
      if (value.isValueNode() && !value.isNull()) {
        text.append(String.format("%n  %-8s %s", fact, value.asText()));
      }
    }
    return text.toString();
  }

  private String sentence() {
    String detail = document.path("detail").asText();
    return detail.isEmpty() ? document.path("title").asText("no reason given") : detail;
  }
}
