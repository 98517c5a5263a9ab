package io.tacit.protocol.model;

import io.tacit.protocol.WireLimits;
import java.util.ArrayList;
import java.util.List;

/** Which parameter stands where in the flat vector {@code float[d]} of a model. Immutable. */
public final class ParameterLayout {

  private final List<ParameterBlock> blocks;
  private final int size;

  private ParameterLayout(List<ParameterBlock> blocks, int size) {
    this.blocks = List.copyOf(blocks);
    this.size = size;
  }

  /** The blocks in order, without gaps. */
  public List<ParameterBlock> blocks() {
    return blocks;
  }

  /** d, the number of parameters. */
  public int size() {
    return size;
  }

  /**
   * The block of a name.
   *
   * @throws IllegalArgumentException if the layout has none
   */
  public ParameterBlock block(String name) {
    for (ParameterBlock block : blocks) {
      if (block.name().equals(name)) {
        return block;
      }
    }
    throw new IllegalArgumentException("layout has no block " + name + ", has " + blocks);
  }

  /**
   * The blocks of the dense layers that the layout names with a prefix; empty if there are none.
   */
  public List<ParameterBlock> blocksOf(String prefix) {
    List<ParameterBlock> found = new ArrayList<>();
    for (ParameterBlock block : blocks) {
      if (block.name().startsWith(prefix + ".")) {
        found.add(block);
      }
    }
    return found;
  }

  /** Whether there is a block of this name. */
  public boolean hasBlock(String name) {
    for (ParameterBlock block : blocks) {
      if (block.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Adds blocks one behind the other. */
  static final class Builder {

    private final List<ParameterBlock> blocks = new ArrayList<>();
    private long size;

    Builder block(String name, int rows, int columns, Initialiser initialiser) {
      long end = size + (long) rows * columns;
      if (end > WireLimits.PARAMETERS_MAX) {
        throw new IllegalArgumentException(
            "model has at least "
                + end
                + " parameters (up to block "
                + name
                + "), must be at most "
                + WireLimits.PARAMETERS_MAX
                + "; make layers, dimension or catalogue smaller");
      }
      blocks.add(new ParameterBlock(name, (int) size, rows, columns, initialiser));
      size = end;
      return this;
    }

    /** Weights {@code [inputs][units]} and bias {@code [1][units]} of each layer. */
    Builder dense(String prefix, int inputs, List<DenseLayer> layers) {
      int fanIn = inputs;
      for (int i = 0; i < layers.size(); i++) {
        DenseLayer layer = layers.get(i);
        Initialiser start =
            layer.activation() == Activation.RELU
                ? Initialiser.HE_NORMAL
                : Initialiser.GLOROT_UNIFORM;
        block(prefix + "." + i + ".weights", fanIn, layer.units(), start);
        block(prefix + "." + i + ".bias", 1, layer.units(), Initialiser.ZERO);
        fanIn = layer.units();
      }
      return this;
    }

    ParameterLayout build() {
      return new ParameterLayout(blocks, (int) size);
    }
  }
}
