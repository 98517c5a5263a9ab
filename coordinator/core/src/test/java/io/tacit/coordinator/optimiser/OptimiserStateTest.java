package io.tacit.coordinator.optimiser;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.plan.ServerOptimiserSettings.Kind;
import io.tacit.testing.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OptimiserStateTest {

  private static final byte[] STATE =
      OptimiserState.owning(Kind.FED_ADAM, new float[] {1, -2, 3}, new float[] {0, 4, 5}).toBytes();

  @Test
  void reads_back_what_it_writes() {
    assertThat(OptimiserState.fromBytes(STATE, 3).toBytes()).isEqualTo(STATE);
  }

  @Test
  @Tag(Fuzz.TAG)
  void what_is_damaged_is_refused_or_read_and_written_alike() {
    Fuzz.of(STATE)
        .refusedWith(IllegalArgumentException.class)
        .feed(input -> assertThat(OptimiserState.fromBytes(input, 3).toBytes()).isEqualTo(input));
  }
}
