package io.tacit.client.training;

/** What a device trains on. Private data: it has no wire form and {@code toString} counts only. */
public sealed interface ExampleSet permits TabularExamples, InteractionExamples {

  /** Number of examples: rows of features, or items the user chose. */
  int size();
}
