package io.harveymq.broker.story;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is kept of one message. Bounded. Owned by the home loop. */
final class MessageStory {
  /** Steps of one message. */
  static final int MOST_STEPS = 64;

  /** Those of them that stay when there are more; the others are the latest. */
  static final int FIRST_STEPS = 16;

  /** Queues of one message. */
  static final int MOST_PLACES = 32;

  /** Bytes of an entry of this class in what refers to it, and of itself. */
  private static final int OVERHEAD = 300;

  private static final int BYTES_OF_PLACE = 150;

  /** A queue that it was in, or is. */
  static final class Place {
    final String queue;
    final String owner;
    Story.State state = Story.State.READY;
    long since;
    StoryStep.Reader reader;

    Place(String queue, String owner, long since) {
      this.queue = queue;
      this.owner = owner;
      this.since = since;
    }

    int bytes() {
      return BYTES_OF_PLACE + StoryStep.bytes(queue);
    }

    void is(Story.State now, long time) {
      state = now;
      since = time;
    }
  }

  private final int id;
  private final Story.Published published;
  private final List<StoryStep> steps = new ArrayList<>(4);
  private final List<Place> places = new ArrayList<>(1);
  private int leftOut;
  private int unfollowed;
  private long bytes;

  MessageStory(int id, Story.Published published) {
    this.id = id;
    this.published = published;
    this.bytes =
        OVERHEAD
            + StoryStep.bytes(published.by())
            + published.message().address().length
            + published.message().properties().length
            + published.message().body().length;
  }

  int id() {
    return id;
  }

  /** Bytes of memory, roughly. */
  long bytes() {
    return bytes;
  }

  List<Place> places() {
    return places;
  }

  void add(StoryStep step) {
    if (steps.size() == MOST_STEPS) {
      bytes -= steps.remove(FIRST_STEPS).bytes();
      leftOut++;
    }
    steps.add(step);
    bytes += step.bytes();
  }

  /**
   * It came into a queue, perhaps again.
   *
   * @return null when it was in too many to be followed there
   */
  Place enter(String queue, String owner, long time) {
    if (places.removeIf(
        before ->
            before.state == Story.State.GONE
                && before.queue.equals(queue)
                && Objects.equals(before.owner, owner))) {
      bytes -= BYTES_OF_PLACE + StoryStep.bytes(queue);
    }
    if (places.size() == MOST_PLACES) {
      unfollowed++;
      return null;
    }
    Place place = new Place(queue, owner, time);
    places.add(place);
    bytes += place.bytes();
    return place;
  }

  /** Where it waits or is with a client; null when it is not in that queue. */
  Place in(String queue) {
    for (int i = places.size() - 1; i >= 0; i--) {
      Place place = places.get(i);
      if (place.state != Story.State.GONE && place.queue.equals(queue)) {
        return place;
      }
    }
    return null;
  }

  /** What it is now. */
  Story shown() {
    List<Story.Place> shown = new ArrayList<>(places.size());
    places.forEach(one -> shown.add(new Story.Place(one.queue, one.owner, one.state, one.since)));
    return new Story(
        Integer.toUnsignedLong(id), published, List.copyOf(steps), leftOut, shown, unfollowed);
  }
}
