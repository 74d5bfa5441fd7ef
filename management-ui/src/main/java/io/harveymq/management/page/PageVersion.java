package io.harveymq.management.page;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder that the page's files are fetched from: its name is the hash of all of them, so that
 * browsers keep them for good and still never mix two versions. Any thread.
 */
final class PageVersion {
  private static final Pattern LINKED =
      Pattern.compile("(?<= (?:href|src)=\")((?:css|js|img|webjars)/[^\"]+)(?=\")");
  private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\": \"\\./(webjars/[^\"]+)\"");
  private static final Pattern JOINED = Pattern.compile("\"\\./(js/[^\"]+)\"");
  private static final Pattern IMPORTED =
      Pattern.compile("\\b(?:from|import|URL) ?\\(?\"([^\"]+\\.(?:js|css)|[\\w.-]+)\"");
  private static final Pattern FOLDER = Pattern.compile("v-[A-Za-z0-9_-]{12}/");

  private PageVersion() {}

  /**
   * The path without a version's folder: one of an older version, too, whose page is still open.
   */
  static String without(String path) {
    Matcher folder = FOLDER.matcher(path);
    return folder.lookingAt() ? path.substring(folder.end()) : path;
  }

  /** The page with every file of its own in the folder, the import map's included. */
  static String within(String folder, String index) {
    String linked = LINKED.matcher(index).replaceAll(folder + "$1");
    String mapped = MAPPED.matcher(linked).replaceAll("\"$1\": \"./" + folder + "$2\"");
    return JOINED.matcher(mapped).replaceAll("\"./" + folder + "$1\"");
  }

  /**
   * The name of the folder, with a slash, for what the page and its modules load.
   *
   * @param text what a file contains; null when there is no such file
   */
  static String of(String index, Function<String, String> text, Function<byte[], String> digest) {
    Map<String, String> mapped = new TreeMap<>();
    for (Matcher m = MAPPED.matcher(index); m.find(); ) {
      mapped.put(m.group(1), m.group(2));
    }
    Map<String, String> loaded = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>();
    for (Matcher m = LINKED.matcher(index); m.find(); ) {
      open.add(m.group(1));
    }
    while (!open.isEmpty()) {
      String path = open.remove();
      String content = loaded.containsKey(path) ? null : text.apply(path);
      if (content != null) {
        loaded.put(path, content);
        for (Matcher m = IMPORTED.matcher(content); path.endsWith(".js") && m.find(); ) {
          open.add(resolve(path, m.group(1), mapped));
        }
      }
    }
    StringBuilder all = new StringBuilder(index);
    loaded.forEach((path, content) -> all.append('\n').append(path).append('\n').append(content));
    String hash = digest.apply(all.toString().getBytes(StandardCharsets.UTF_8));
    return "v-" + hash.substring(0, 12).replace('+', '-').replace('/', '_') + "/";
  }

  private static String resolve(String from, String imported, Map<String, String> mapped) {
    if (imported.startsWith(".")) {
      return URI.create(from).resolve(imported).toString();
    }
    for (Map.Entry<String, String> one : mapped.entrySet()) {
      boolean folder = one.getKey().endsWith("/");
      if (imported.equals(one.getKey()) || folder && imported.startsWith(one.getKey())) {
        return one.getValue() + imported.substring(one.getKey().length());
      }
    }
    return imported;
  }
}
