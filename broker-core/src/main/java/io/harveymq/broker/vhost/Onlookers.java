package io.harveymq.broker.vhost;

import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.recording.Recorder;
import io.harveymq.broker.story.Stories;
import io.harveymq.broker.story.StoryStep;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Who looks at the messages of a virtual host as they pass: the firehose, tails, recordings, and
 * the recording of life stories. There are none most of the time, and then no such object. Owned by
 * the home loop.
 */
public final class Onlookers {
  /** Tails of a virtual host at a time. */
  public static final int MOST_TAILS = 20;

  private final Firehose firehose;
  private final List<MessageTail> tails;
  private final List<Recorder> recorders;
  private final Stories stories;

  private Onlookers(
      Firehose firehose, List<MessageTail> tails, List<Recorder> recorders, Stories stories) {
    this.firehose = firehose;
    this.tails = tails;
    this.recorders = recorders;
    this.stories = stories;
  }

  /** Null when there are none. */
  private static Onlookers of(
      Firehose firehose, List<MessageTail> tails, List<Recorder> recorders, Stories stories) {
    return firehose == null && tails.isEmpty() && recorders.isEmpty() && stories == null
        ? null
        : new Onlookers(firehose, tails, recorders, stories);
  }

  /** The firehose; null while it is off. */
  static Firehose firehose(Onlookers before) {
    return before == null ? null : before.firehose;
  }

  /** The tails; none for null. */
  static List<MessageTail> tails(Onlookers before) {
    return before == null ? List.of() : before.tails;
  }

  /** The life stories; null while they are not recorded. */
  static Stories stories(Onlookers before) {
    return before == null ? null : before.stories;
  }

  private static List<Recorder> recorders(Onlookers before) {
    return before == null ? List.of() : before.recorders;
  }

  static Onlookers with(Onlookers before, Firehose firehose) {
    return of(firehose, tails(before), recorders(before), stories(before));
  }

  /** With these recordings and no others. */
  static Onlookers with(Onlookers before, List<Recorder> recorders) {
    return of(firehose(before), tails(before), recorders, stories(before));
  }

  /** With this recording of life stories, or without one. */
  static Onlookers recording(Onlookers before, Stories stories) {
    return of(firehose(before), tails(before), recorders(before), stories);
  }

  /**
   * With somebody more who watches.
   *
   * @throws ChannelException 406 when too many do
   */
  static Onlookers with(Onlookers before, MessageTail tail) {
    List<MessageTail> tails = new ArrayList<>(tails(before));
    tails.add(tail);
    if (tails.size() > MOST_TAILS) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED, "too many watch messages of this virtual host already");
    }
    return of(firehose(before), tails, recorders(before), stories(before));
  }

  static Onlookers without(Onlookers before, MessageTail tail) {
    List<MessageTail> tails = new ArrayList<>(tails(before));
    tails.remove(tail);
    return of(firehose(before), tails, recorders(before), stories(before));
  }

  /**
   * A message was published by a client.
   *
   * @param properties as they came, CC and BCC included
   */
  public void published(
      Message message, byte[] properties, boolean mandatory, Route route, Firehose.Tap tap) {
    if (firehose != null) {
      firehose.published(message, properties, route, tap);
    }
    seen(message, properties, mandatory, route, tap);
  }

  /**
   * A message was published by somebody whom the firehose does not show.
   *
   * @param properties as they came, CC and BCC included
   */
  public void seen(
      Message message, byte[] properties, boolean mandatory, Route route, Firehose.Tap tap) {
    for (MessageTail tail : tails) {
      tail.published(message, route, tap);
    }
    for (Recorder recorder : recorders) {
      recorder.published(message, properties, mandatory, route, tap);
    }
    if (stories != null) {
      stories.published(message, route, tap);
    }
  }

  /** A message was given to a client, by basic.deliver or basic.get-ok. */
  public void delivered(Message message, AmqpQueue queue, StoryStep.Reader reader) {
    if (firehose != null) {
      firehose.delivered(message, queue, reader.redelivered(), reader.by());
    }
    for (MessageTail tail : tails) {
      tail.delivered(message, queue, reader.redelivered(), reader.by());
    }
    if (stories != null) {
      stories.given(message, queue.name(), reader, queue.type() == QueueType.STREAM);
    }
  }
}
