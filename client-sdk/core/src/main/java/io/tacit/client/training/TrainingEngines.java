package io.tacit.client.training;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The training engines of an installation: the portable one, and those that artifacts on the class
 * path bring as a {@link TrainingEngineProvider}.
 */
public final class TrainingEngines {

  private static final String DEEPLEARNING4J = "deeplearning4j";

  private TrainingEngines() {}

  /**
   * The engine that the class path chooses: the one that an artifact brings, else the portable one.
   *
   * @throws IllegalArgumentException if artifacts bring several; one must then be named
   */
  public static TrainingEngine load() {
    List<TrainingEngineProvider> brought = brought();
    if (brought.size() > 1) {
      throw new IllegalArgumentException(
          "the class path has several training engines: "
              + names(brought)
              + "; name the one to use, or leave only one artifact beside the portable engine");
    }
    return brought.isEmpty() ? new PortableEngine() : brought.get(0).create();
  }

  /**
   * The engine of a name.
   *
   * @throws IllegalArgumentException if there is none on the class path; says which there are
   */
  public static TrainingEngine named(String name) {
    if (name.equals(PortableEngine.NAME)) {
      return new PortableEngine();
    }
    List<TrainingEngineProvider> brought = brought();
    for (TrainingEngineProvider provider : brought) {
      if (provider.name().equals(name)) {
        return provider.create();
      }
    }
    throw new IllegalArgumentException(
        "training engine \""
            + name
            + "\" is not on the class path, which has: "
            + names(brought)
            + (name.equals(DEEPLEARNING4J)
                ? "; add the artifact io.tacit:tacit-client-deeplearning4j, or use another"
                : "; use one of these"));
  }

  // The loader of the SDK's own classes: R8 finds services that are asked for in this form.
  private static List<TrainingEngineProvider> brought() {
    List<TrainingEngineProvider> found = new ArrayList<>();
    for (TrainingEngineProvider provider :
        ServiceLoader.load(
            TrainingEngineProvider.class, TrainingEngineProvider.class.getClassLoader())) {
      found.add(provider);
    }
    return found;
  }

  private static String names(List<TrainingEngineProvider> brought) {
    StringBuilder names = new StringBuilder(PortableEngine.NAME);
    for (TrainingEngineProvider provider : brought) {
      names.append(", ").append(provider.name());
    }
    return names.toString();
  }
}
