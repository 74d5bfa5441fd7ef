package io.harveymq.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern of a scope: percent-encoded text in which a star stands for anything. It matches as
 * RabbitMQ's wildcard module does: each part is looked for behind the one before it and nowhere
 * else, so that {@code a*b} does not match {@code abxb}. Immutable; any thread.
 */
final class Wildcard {
  /** What is between the stars; null when the pattern is malformed and matches nothing. */
  private final List<byte[]> parts;

  Wildcard(String pattern) {
    List<byte[]> decoded = new ArrayList<>();
    for (String part : pattern.split("\\*", -1)) {
      byte[] bytes = decoded(part);
      if (bytes == null) {
        decoded = null;
        break;
      }
      decoded.add(bytes);
    }
    parts = decoded;
  }

  private static byte[] decoded(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '+') {
        decoded.write(' ');
      } else if (bytes[i] == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toByteArray();
  }

  boolean matches(String text) {
    if (parts == null) {
      return false;
    }
    byte[] subject = text.getBytes(StandardCharsets.UTF_8);
    byte[] first = parts.get(0);
    if (!startsWith(subject, first, 0)) {
      return false;
    }
    int position = first.length;
    for (int i = 1; i < parts.size(); i++) {
      byte[] part = parts.get(i);
      if (part.length == 0) {
        if (i == parts.size() - 1) {
          return true;
        }
        if (position == subject.length) {
          return false;
        }
        continue;
      }
      int found = indexOf(subject, part, position);
      if (found < 0) {
        return false;
      }
      position = found + part.length;
    }
    return position == subject.length;
  }

  private static int indexOf(byte[] subject, byte[] part, int from) {
    for (int i = from; i + part.length <= subject.length; i++) {
      if (startsWith(subject, part, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] subject, byte[] part, int at) {
    return at + part.length <= subject.length
        && Arrays.equals(subject, at, at + part.length, part, 0, part.length);
  }
}
