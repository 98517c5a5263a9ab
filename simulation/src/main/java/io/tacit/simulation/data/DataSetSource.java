package io.tacit.simulation.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a data set comes from, as the user named it in an option. */
public sealed interface DataSetSource {

  /** What {@link #parse} accepts, for help texts. */
  String FORMS = "msweb | movielens:PATH | csv:PATH | synthetic:ecommerce|social|news|media";

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

  /**
   * A table of users, items and, where there are any, values and times.
   *
   * @param path of the table
   * @param userAttributes table of user attributes, null without
   * @param itemAttributes table of item attributes, null without
   */
  record Csv(Path path, @Nullable Path userAttributes, @Nullable Path itemAttributes)
      implements DataSetSource {
    @Override
    public InteractionDataSet load(Path msWebFile, SyntheticSettings synthetic)
        throws DataSetException {
      return CsvFile.load(path, userAttributes, itemAttributes);
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
    if (kind.equals("csv") && !rest.isBlank()) {
      return new Csv(path(rest, text), null, null);
    }
    if (kind.equals("synthetic")) {
      return new Synthetic(Scenario.ofLabel(rest).orElseThrow(() -> notAForm(text)));
    }
    throw notAForm(text);
  }

  /**
   * The same source with tables of attributes.
   *
   * @throws IllegalArgumentException if one is given and this is no {@link Csv}
   */
  default DataSetSource withAttributes(@Nullable Path users, @Nullable Path items) {
    if (users == null && items == null) {
      return this;
    }
    if (this instanceof Csv csv) {
      return new Csv(csv.path(), users, items);
    }
    throw new IllegalArgumentException(
        "--user-attributes and --item-attributes are tables that go with --data csv:PATH; leave"
            + " them out with other data");
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
