package io.tacit.simulation.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The published file of the Anonymous Microsoft Web Data (Breese, Heckerman, Kadie 1998), in its
 * "DST" format: one line per fact, the first letter says which. {@code A} is an area of the site,
 * {@code C} begins a visitor, {@code V} is an area that the visitor went to; {@code I}, {@code T}
 * and {@code N} describe the file itself.
 */
final class MsWebFile {

  private static final Pattern AREA = Pattern.compile("A,(\\d+),\\d+,\"([^\"]*)\",\"[^\"]*\"");
  private static final Pattern VISITOR = Pattern.compile("C,\"(\\d+)\",\\d+");
  private static final Pattern VISIT = Pattern.compile("V,(\\d+),\\d+");

  private final DataFile file;
  private final List<Item> areas = new ArrayList<>();
  private final Map<String, Integer> indexOfArea = new HashMap<>();
  private final Map<String, List<Interaction>> visitors = new LinkedHashMap<>();
  private @Nullable List<Interaction> visitsOfLatest;

  private MsWebFile(DataFile file) {
    this.file = file;
  }

  static InteractionDataSet load(Path path) throws DataSetException {
    return new MsWebFile(DataFile.read(path)).parse();
  }

  private InteractionDataSet parse() throws DataSetException {
    for (int index = 0; index < file.lines().size(); index++) {
      String line = file.lines().get(index);
      switch (line.isEmpty() ? ' ' : line.charAt(0)) {
        case 'A' -> addArea(index);
        case 'C' -> addVisitor(index);
        case 'V' -> addVisit(index);
        case 'I', 'T', 'N' -> {} // about the file, not about visits
        default -> throw file.malformed(index, "a line that begins with A, C, V, I, T or N");
      }
    }
    if (areas.isEmpty() || visitors.isEmpty()) {
      throw new DataSetException.Empty(
          file.path(), areas.size() + " areas and " + visitors.size() + " visitors");
    }
    List<UserHistory> users = new ArrayList<>();
    visitors.forEach((id, visits) -> users.add(new UserHistory(id, visits)));
    return new InteractionDataSet(
        "msweb",
        false,
        "the source has no times, and the order of its lines means nothing",
        List.of(),
        areas,
        users);
  }

  private void addArea(int index) throws DataSetException {
    Matcher area = match(AREA, index, "an area: A,<id>,1,\"<title>\",\"<path>\"");
    if (indexOfArea.putIfAbsent(area.group(1), areas.size()) != null) {
      throw file.malformed(index, "an area whose id was not given before");
    }
    areas.add(new Item(area.group(1), area.group(2), List.of()));
  }

  private void addVisitor(int index) throws DataSetException {
    Matcher visitor = match(VISITOR, index, "a visitor: C,\"<id>\",<id>");
    List<Interaction> visits = new ArrayList<>();
    if (visitors.putIfAbsent(visitor.group(1), visits) != null) {
      throw file.malformed(index, "a visitor whose id was not given before");
    }
    visitsOfLatest = visits;
  }

  private void addVisit(int index) throws DataSetException {
    Matcher visit = match(VISIT, index, "a visit: V,<area id>,1");
    if (visitsOfLatest == null) {
      throw file.malformed(index, "a visitor (C,...) before the first visit");
    }
    Integer area = indexOfArea.get(visit.group(1));
    if (area == null) {
      throw new DataSetException.UnknownItem(file.path(), index + 1, visit.group(1), areas.size());
    }
    visitsOfLatest.add(Interaction.untimed(area));
  }

  private Matcher match(Pattern pattern, int index, String expected) throws DataSetException {
    Matcher matcher = pattern.matcher(file.lines().get(index));
    if (!matcher.matches()) {
      throw file.malformed(index, expected);
    }
    return matcher;
  }
}
