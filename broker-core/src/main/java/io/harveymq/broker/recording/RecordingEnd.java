package io.harveymq.broker.recording;

import java.util.Locale;

/** Why a recording takes no more messages. Any thread. */
public enum RecordingEnd {
  /** Somebody stopped it. */
  ASKED,
  /** It has as many messages as it should. */
  MESSAGES,
  /** It has no room for another message in the memory that it should take. */
  BYTES,
  /** There is no room for another message in the memory for all recordings. */
  MEMORY,
  /** Its time is over. */
  TIME;

  /** As the HTTP API has it, such as {@code messages}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
