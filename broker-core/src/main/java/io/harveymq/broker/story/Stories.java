package io.harveymq.broker.story;

import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.broker.vhost.Loop;
import io.harveymq.broker.vhost.Route;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What happened to the last messages that were published in a virtual host since somebody switched
 * this on. There is none while it is off. Bounded in messages and bytes, the oldest is forgotten
 * first; it ends by itself when nobody has looked for a while. It holds no message, only the
 * beginning of each; messages carry the number of their story. Owned by the home loop.
 */
public final class Stories {
  /** Messages that are kept. */
  public static final int MOST = 5_000;

  /** Bytes of a body that are kept. */
  public static final int KEPT_BYTES = 2 << 10;

  /** Properties that take more bytes are not kept. */
  private static final int MOST_PROPERTIES = 4 << 10;

  /** Without a look for so long it ends, in minutes of the machine's time: a reader's time. */
  public static final int MINUTES = 15;

  private static final long CHECK_MILLIS = 60_000;
  private static final byte[] NO_PROPERTIES = {0, 0};

  /** A message that is only in the store, where it has another object once it is read back. */
  private record Stored(String queue, int level, long position) {}

  private final VirtualHost vhost;
  private final StoryBudget budget;
  private final LongSupplier nanos;
  private final long began;
  private final Map<Integer, MessageStory> byId = new LinkedHashMap<>();
  private final Map<String, Set<MessageStory>> byQueue = new HashMap<>();
  private final Map<Stored, Integer> stored = new LinkedHashMap<>();
  private long bytes;
  private long recorded;
  private long looked;
  private Loop.Timer timer;

  /**
   * Begins to record.
   *
   * @param nanos the machine's time
   */
  public Stories(VirtualHost vhost, LongSupplier nanos) {
    this.vhost = vhost;
    this.nanos = nanos;
    this.budget = vhost.home().storyBudget();
    this.began = now();
    this.looked = nanos.getAsLong();
    budget.begin(this);
    checkLater();
  }

  private void checkLater() {
    timer = vhost.home().schedule(this::endIfForgotten, CHECK_MILLIS);
  }

  /** Ends when nobody has looked for long enough. */
  void endIfForgotten() {
    if (secondsLeft() <= 0) {
      vhost.endStories();
    } else {
      checkLater();
    }
  }

  /** Ends, and forgets everything; the virtual host has to have forgotten it before. */
  public void end() {
    timer.cancel();
    budget.end(this);
  }

  /** Somebody looks. */
  public void look() {
    looked = nanos.getAsLong();
  }

  private long secondsLeft() {
    long silent = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - looked);
    return TimeUnit.MINUTES.toSeconds(MINUTES) - silent;
  }

  /** How far it is. */
  public State state() {
    return new State(began, byId.size(), recorded, bytes, budget.share(), secondsLeft());
  }

  /**
   * How far a recording is. Immutable.
   *
   * @param began in milliseconds since the epoch, by the broker's clock
   * @param kept messages that are kept
   * @param recorded messages that were recorded, those that are forgotten as well
   * @param bytes of memory, roughly
   * @param mostBytes that may be kept now
   * @param secondsLeft until it ends if nobody looks
   */
  public record State(
      long began, int kept, long recorded, long bytes, long mostBytes, long secondsLeft) {}

  /** One story; null when there is none with that number, or it is forgotten. */
  public Story story(long id) {
    MessageStory story = id == (int) id || id >>> 32 == 0 ? byId.get((int) id) : null;
    return story == null ? null : story.shown();
  }

  /** The numbers of all stories, that of the newest first. */
  public List<Long> ids() {
    List<Long> ids = new ArrayList<>(byId.size());
    byId.keySet().forEach(id -> ids.add(Integer.toUnsignedLong(id)));
    Collections.reverse(ids);
    return ids;
  }

  private long now() {
    return vhost.home().loop().clock().millis();
  }

  // ---- what happens

  /** A message was published; its story begins. */
  public void published(Message message, Route route, Firehose.Tap by) {
    byte[] body = message.body();
    byte[] properties = message.properties();
    Content kept =
        new Content(
            message.address(),
            properties.length <= MOST_PROPERTIES ? properties : NO_PROPERTIES,
            Arrays.copyOf(body, Math.min(KEPT_BYTES, body.length)));
    MessageStory story =
        new MessageStory(
            budget.nextId(),
            new Story.Published(now(), kept, body.length, route.queues().length, by));
    message.story(story.id());
    byId.put(story.id(), story);
    recorded++;
    bytes += story.bytes();
    trim();
  }

  /**
   * A queue took it.
   *
   * @param level of its lane
   * @param place its place there; -1 unless it will be another object when it is delivered
   * @param ahead messages before it; the offset in a stream
   */
  void entered(Message message, AmqpQueue queue, int level, long place, long ahead) {
    MessageStory story = byId.get(message.story());
    if (story == null) {
      return;
    }
    long before = story.bytes();
    String owner = queue.owner() instanceof Connection own ? own.access().user() : null;
    if (story.enter(queue.name(), owner, now()) == null) {
      return;
    }
    byQueue.computeIfAbsent(queue.name(), name -> new LinkedHashSet<>()).add(story);
    if (place >= 0) {
      stored.put(new Stored(queue.name(), level, place), story.id());
      if (stored.size() > MOST) {
        Iterator<Stored> eldest = stored.keySet().iterator();
        eldest.next();
        eldest.remove();
      }
    }
    story.add(new StoryStep(now(), StoryEvent.ENTERED, queue.name(), ahead, null, null));
    grew(story, before);
  }

  /**
   * A message was read back from the store: it goes on with its story.
   *
   * @param stays whether it will be read again, because it is in a stream
   */
  void readBack(Message message, AmqpQueue queue, int level, long place, boolean stays) {
    if (!stored.isEmpty()) {
      Stored key = new Stored(queue.name(), level, place);
      Integer id = stays ? stored.get(key) : stored.remove(key);
      if (id != null && byId.containsKey(id)) {
        message.story(id);
      }
    }
  }

  /** Something happened that has to do with no client, in a queue or outside. */
  void happened(Message message, StoryEvent event, String queue, StoryStep.Target target) {
    MessageStory story = byId.get(message.story());
    if (story != null) {
      step(story, new StoryStep(now(), event, queue, -1, null, target));
    }
  }

  /** It left a queue in which it waited, for this reason; nothing if it is not there. */
  void left(Message message, StoryEvent event, String queue, StoryStep.Target target) {
    MessageStory story = byId.get(message.story());
    MessageStory.Place place = story == null ? null : story.in(queue);
    if (place != null) {
      leave(story, place);
      step(story, new StoryStep(now(), event, queue, -1, place.reader, target));
    }
  }

  private void leave(MessageStory story, MessageStory.Place place) {
    place.is(Story.State.GONE, now());
    Set<MessageStory> in = byQueue.get(place.queue);
    if (in != null && story.in(place.queue) == null) {
      in.remove(story);
      if (in.isEmpty()) {
        byQueue.remove(place.queue);
      }
    }
  }

  /**
   * It was given to a client.
   *
   * @param stays whether the queue keeps it whatever the client says, because it is a stream
   */
  public void given(Message message, String queue, StoryStep.Reader reader, boolean stays) {
    MessageStory story = byId.get(message.story());
    MessageStory.Place place = story == null ? null : story.in(queue);
    if (place == null) {
      return;
    }
    if (!stays) {
      place.reader = reader;
      place.is(Story.State.UNACKED, now());
      if (reader.noAck()) {
        leave(story, place);
      }
    }
    StoryEvent event = reader.tag() == null ? StoryEvent.GOT : StoryEvent.DELIVERED;
    step(story, new StoryStep(now(), event, queue, -1, reader, null));
  }

  /** It came back to its queue. */
  void cameBack(Message message, StoryEvent event, String queue) {
    MessageStory story = byId.get(message.story());
    MessageStory.Place place = story == null ? null : story.in(queue);
    if (place != null) {
      StoryStep.Reader reader = place.reader;
      place.reader = null;
      place.is(Story.State.READY, now());
      step(story, new StoryStep(now(), event, queue, -1, reader, null));
    }
  }

  /** All messages that waited in a queue are gone. */
  void emptied(AmqpQueue queue) {
    String name = queue.name();
    StoryEvent event = queue.isDeleted() ? StoryEvent.QUEUE_DELETED : StoryEvent.PURGED;
    Collection<MessageStory> all = byQueue.get(name);
    if (all == null) {
      return;
    }
    for (MessageStory story : new ArrayList<>(all)) {
      MessageStory.Place place = story.in(name);
      if (place != null && place.state == Story.State.READY) {
        leave(story, place);
        step(story, new StoryStep(now(), event, name, -1, null, null));
      }
    }
    stored.keySet().removeIf(one -> one.queue.equals(name));
  }

  // ---- bounds

  private void step(MessageStory story, StoryStep step) {
    long before = story.bytes();
    story.add(step);
    grew(story, before);
  }

  private void grew(MessageStory story, long before) {
    if (byId.containsKey(story.id())) {
      bytes += story.bytes() - before;
      trim();
    }
  }

  /** Forgets the oldest stories until the others are few and small enough. */
  void trim() {
    long most = budget.share();
    while (!byId.isEmpty() && (byId.size() > MOST || bytes > most)) {
      Iterator<MessageStory> eldest = byId.values().iterator();
      MessageStory story = eldest.next();
      eldest.remove();
      bytes -= story.bytes();
      for (MessageStory.Place place : story.places()) {
        Set<MessageStory> in = byQueue.get(place.queue);
        if (in != null && in.remove(story) && in.isEmpty()) {
          byQueue.remove(place.queue);
        }
      }
    }
  }
}
