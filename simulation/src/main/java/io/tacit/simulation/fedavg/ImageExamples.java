package io.tacit.simulation.fedavg;

import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.ExampleSource;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.LabelledImages;
import org.jspecify.annotations.Nullable;

/** The images of one device. Kept as bytes and made numbers for each training. Thread-safe. */
final class ImageExamples implements ExampleSource {

  private final LabelledImages images;
  private final int[] own;

  /**
   * @param images of all devices
   * @param own indices of those of this one; owned by this object
   */
  ImageExamples(LabelledImages images, int[] own) {
    this.images = images;
    this.own = own;
  }

  @Override
  public ExampleOutcome examples(TrainingPlan plan, @Nullable Catalogue catalogue) {
    float[] features = new float[own.length * images.pixels()];
    float[] labels = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      images.copyTo(own[i], features, i * images.pixels());
      labels[i] = images.label(own[i]);
    }
    return new ExampleOutcome.Examples(TabularExamples.of(own.length, features, labels));
  }
}
