package io.tacit.simulation.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a data set comes from, as the user named it in an option. */
public sealed interface DataSetSource {

  /** What {@link #parse} accepts, for help texts. */
  String FORMS = "msweb | movielens:PATH | synthetic:ecommerce|social|news|media";

  /** The Microsoft web visits of 1998 that come with this program. */
  record MsWeb() implements DataSetSource {
    @Override
    public InteractionDataSet load(Path msWebFile, SyntheticSettings synthetic)
        throws DataSetException {
      return MsWebFile.load(msWebFile);
    }
  }

  /**
   * MovieLens-100K, which users must fetch themselves.
   *
   * @param path {@code u.data}, or the directory that holds it and {@code u.item}
   */
  record MovieLens(Path path) implements DataSetSource {
    @Override
    public InteractionDataSet load(Path msWebFile, SyntheticSettings synthetic)
        throws DataSetException {
      return MovieLensFiles.load(path);
    }
  }

  /** Generated behaviour with a hidden cause. */
  record Synthetic(Scenario scenario) implements DataSetSource {
    @Override
    public InteractionDataSet load(Path msWebFile, SyntheticSettings synthetic) {
      return SyntheticGenerator.generate(scenario, synthetic);
    }
  }

  /**
   * Reads one of {@link #FORMS}.
   *
   * @throws IllegalArgumentException for any other text, listing the forms
   */
  static DataSetSource parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    if (text.equals("msweb")) {
      return new MsWeb();
    }
    if (kind.equals("movielens") && !rest.isBlank()) {
      return new MovieLens(path(rest, text));
    }
    if (kind.equals("synthetic")) {
      return new Synthetic(Scenario.ofLabel(rest).orElseThrow(() -> notAForm(text)));
    }
    throw notAForm(text);
  }

  /**
   * Reads or generates the data.
   *
   * @param msWebFile where {@code anonymous-msweb.data} is; read only for {@link MsWeb}
   * @param synthetic how much to generate; used only for {@link Synthetic}
   * @throws DataSetException if a file cannot be used, with file and line
   */
  InteractionDataSet load(Path msWebFile, SyntheticSettings synthetic) throws DataSetException;

  private static Path path(String rest, String text) {
    try {
      return Path.of(rest);
    } catch (InvalidPathException e) {
      throw notAForm(text);
    }
  }

  private static IllegalArgumentException notAForm(String text) {
    return new IllegalArgumentException("data set is \"" + text + "\", must be one of: " + FORMS);
  }
}
