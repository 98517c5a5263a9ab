package io.tacit.client.features;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What events became under the mappings that were released, bit for bit; computed by programs of
 * their own that stand beside the files. The files are read with the Gson that gRPC brings.
 */
class MappingVectorsTest {

  private static JsonObject file() {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(
                MappingVectorsTest.class.getResourceAsStream("/vectors/features-mapping-1.json")),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  record Case(String name, List<Feature> features, List<BehaviourEvent> events, float[][] rows) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(file().getAsJsonArray("cases").asList())
        .flatMap(List::stream)
        .map(JsonElement::getAsJsonObject)
        .map(MappingVectorsTest::read);
  }

  private static Case read(JsonObject json) {
    List<Feature> features = new ArrayList<>();
    for (JsonElement feature : json.getAsJsonArray("features")) {
      features.add(feature(feature.getAsJsonObject(), features));
    }
    List<BehaviourEvent> events = new ArrayList<>();
    for (JsonElement event : json.getAsJsonArray("events")) {
      events.add(event(event.getAsJsonObject()));
    }
    float[][] rows =
        json.getAsJsonArray("rows").asList().stream()
            .map(row -> floats(row.getAsJsonArray()))
            .toArray(float[][]::new);
    return new Case(json.get("name").getAsString(), features, events, rows);
  }

  private static float[] floats(JsonArray json) {
    float[] floats = new float[json.size()];
    for (int i = 0; i < floats.length; i++) {
      // As double first: that is what the file holds, exactly.
      floats[i] = (float) json.get(i).getAsDouble();
    }
    return floats;
  }

  private static List<String> texts(JsonElement json) {
    return json.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }

  private static Feature feature(JsonObject json, List<Feature> earlier) {
    String name = json.get("name").getAsString();
    return switch (json.get("kind").getAsString()) {
      case "numeric" ->
          new Feature.Numeric(
              name, json.get("mean").getAsDouble(), json.get("standardDeviation").getAsDouble());
      case "privateNumeric" ->
          new Feature.PrivateNumeric(
              name,
              json.get("priorMean").getAsDouble(),
              json.get("priorStandardDeviation").getAsDouble(),
              json.get("priorCount").getAsInt(),
              json.get("bound").getAsDouble());
      case "categorical" ->
          new Feature.Categorical(
              name, texts(json.get("values")), json.get("unknownBuckets").getAsInt());
      case "itemId" ->
          new Feature.ItemId(
              name, texts(json.get("values")), json.get("unknownBuckets").getAsInt());
      case "hashedText" ->
          new Feature.HashedText(
              name, json.get("buckets").getAsInt(), json.get("ngramLength").getAsInt());
      case "denseVector" ->
          new Feature.DenseVector(
              name, json.get("dimension").getAsInt(), json.get("normalised").getAsBoolean());
      case "pooled" ->
          new Feature.Pooled(
              name,
              Feature.Pooled.source(name, json.get("of").getAsString(), earlier),
              json.get("last").getAsInt(),
              json.get("halfLife").getAsDouble(),
              new HashSet<>(texts(json.get("events"))));
      default -> throw new AssertionError(json.get("kind"));
    };
  }

  private static BehaviourEvent event(JsonObject json) {
    String kind = json.get("kind").getAsString();
    BehaviourEvent event =
        json.has("item")
            ? BehaviourEvent.of(kind, json.get("item").getAsString(), Instant.EPOCH)
            : BehaviourEvent.withoutItem(kind, Instant.EPOCH);
    if (json.has("attributes")) {
      for (Map.Entry<String, JsonElement> attribute :
          json.getAsJsonObject("attributes").entrySet()) {
        event = with(event, attribute.getKey(), attribute.getValue());
      }
    }
    return event;
  }

  private static BehaviourEvent with(BehaviourEvent event, String name, JsonElement value) {
    if (value.isJsonArray()) {
      return event.with(name, floats(value.getAsJsonArray()));
    }
    return value.getAsJsonPrimitive().isString()
        ? event.with(name, value.getAsString())
        : event.with(name, value.getAsDouble());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void events_become_the_numbers_of_the_file(Case known) {
    TrainingPlan plan = TestPlans.binary(known.events.size(), known.features);
    List<BehaviourEvent> labelled =
        known.events.stream().map(event -> event.with("bought", 1)).toList();

    ExampleOutcome outcome = FeatureEncoder.encode(labelled, plan, null);
    float[] all = ((TabularExamples) ((ExampleOutcome.Examples) outcome).set()).features();

    int width = all.length / known.rows.length;
    for (int i = 0; i < known.rows.length; i++) {
      assertThat(Arrays.copyOfRange(all, i * width, (i + 1) * width))
          .as("row " + i)
          .containsExactly(known.rows[i]);
      assertThat(inputs(known, i, plan)).as("input " + i).containsExactly(known.rows[i]);
    }
  }

  private static float[] inputs(Case known, int at, TrainingPlan plan) {
    InputOutcome outcome =
        FeatureEncoder.inputs(known.events.subList(0, at), known.events.subList(at, at + 1), plan);
    return ((InputOutcome.Inputs) outcome).rows()[0];
  }

  @Test
  void every_kind_of_feature_has_known_answers_and_the_newest_mapping_has_a_file() {
    Set<Class<?>> kinds = new HashSet<>();
    cases().forEach(known -> known.features.forEach(feature -> kinds.add(feature.getClass())));

    assertThat(kinds).containsExactlyInAnyOrder(Feature.class.getPermittedSubclasses());
    assertThat(file().get("mappingVersion").getAsInt())
        .isEqualTo(FeatureSchema.FIRST_MAPPING_VERSION);
  }
}
