package io.tacit.client.behaviour;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest events in memory, for as long as nothing else needs it: who recommends looks at them
 * for every screen. Gives the same list again as long as it is right. Not thread-safe.
 */
final class RecentWindow {

  private final int eventsMax;
  private SoftReference<@Nullable Content> content = new SoftReference<>(null);
  private int changes;

  /** A window of so many events. */
  RecentWindow(int eventsMax) {
    this.eventsMax = eventsMax;
  }

  private final class Content {

    /** The latest events, whatever their age. */
    private List<BehaviourEvent> all;

    /** Those that were recorded since. */
    private final List<BehaviourEvent> added = new ArrayList<>();

    /** Those of {@link #all} that are not too old; null if that has to be found out anew. */
    private @Nullable List<BehaviourEvent> readable;

    private long newestHidden;
    private long oldestReadable;

    Content(List<BehaviourEvent> all) {
      this.all = all;
    }

    List<BehaviourEvent> from(long epochMillis) {
      takeAdded();
      List<BehaviourEvent> right = readable;
      // The least long hides nothing, and is the newest hidden time when nothing is hidden.
      boolean hidesTooMuch = newestHidden > Long.MIN_VALUE && newestHidden >= epochMillis;
      if (right == null || hidesTooMuch || oldestReadable < epochMillis) {
        right = filter(epochMillis);
        readable = right;
      }
      return right;
    }

    private void takeAdded() {
      if (added.isEmpty()) {
        return;
      }
      int kept = Math.min(all.size(), eventsMax - added.size());
      List<BehaviourEvent> latest = new ArrayList<>(kept + added.size());
      latest.addAll(all.subList(all.size() - kept, all.size()));
      latest.addAll(added);
      all = latest;
      added.clear();
      readable = null;
    }

    private List<BehaviourEvent> filter(long epochMillis) {
      List<BehaviourEvent> filtered = new ArrayList<>(all.size());
      newestHidden = Long.MIN_VALUE;
      oldestReadable = Long.MAX_VALUE;
      for (BehaviourEvent event : all) {
        if (event.epochMillis() >= epochMillis) {
          filtered.add(event);
          oldestReadable = Math.min(oldestReadable, event.epochMillis());
        } else {
          newestHidden = Math.max(newestHidden, event.epochMillis());
        }
      }
      return Collections.unmodifiableList(filtered);
    }
  }

  /** Changes whenever events are recorded or forgotten. */
  int changes() {
    return changes;
  }

  /** The events that are not older than this; null if they are not in memory. */
  @Nullable List<BehaviourEvent> from(long epochMillis) {
    Content held = content.get();
    return held == null ? null : held.from(epochMillis);
  }

  /**
   * Takes in what was read from the files.
   *
   * @param all the latest events of any age; owned by the window from now on
   * @param epochMillis as in {@link #from}
   */
  List<BehaviourEvent> fill(List<BehaviourEvent> all, long epochMillis) {
    Content filled = new Content(all);
    content = new SoftReference<>(filled);
    return filled.from(epochMillis);
  }

  /** Events were recorded. */
  void added(List<BehaviourEvent> events) {
    changes++;
    Content held = content.get();
    if (held == null) {
      return;
    }
    if (held.added.size() + events.size() > eventsMax) {
      content.clear();
    } else {
      held.added.addAll(events);
    }
  }

  /** Nothing that is in memory can be relied on. */
  void clear() {
    changes++;
    content.clear();
  }
}
