package io.harveymq.management.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that the page is made of: its own, and those of the WebJars, under {@code
 * webjars/NAME/} without the version. Read when they are first asked for. Owned by one thread.
 */
final class PageFiles {
  private static final String OWN = "/io/harveymq/management/page/";
  private static final String WEBJARS = "webjars/";
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern INLINE =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  /** A line that is a remark, or a remark of several lines that begin with an asterisk. */
  private static final Pattern REMARK =
      Pattern.compile(
          "^ *(?://.*|/\\*.*\\*/|/\\*\\*\\R(?: *\\*.*\\R)* *\\*.*\\*/)\\R", Pattern.MULTILINE);

  /** Code that users copy, whose lines may look like remarks. */
  private static final String SNIPPETS = "snippets.js";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2",
          "map", "application/json");

  /** A file as it is sent. */
  record File(byte[] content, String type, String tag) {}

  private final Map<String, String> webjarVersions = new HashMap<>();
  private final Map<String, File> files = new HashMap<>();

  /**
   * A file.
   *
   * @param path relative, such as {@code js/app.js}; empty for the page itself
   * @return null when there is none
   */
  File get(String path) {
    return files.computeIfAbsent(path.isEmpty() ? "index.html" : path, this::read);
  }

  /** The hash of the page's one inline script, for its content security policy. */
  String inlineScriptHash() {
    File index = get("");
    if (index == null) {
      return "";
    }
    Matcher script = INLINE.matcher(new String(index.content, StandardCharsets.UTF_8));
    return script.find()
        ? " 'sha256-" + digest(script.group(1).getBytes(StandardCharsets.UTF_8)) + "'"
        : "";
  }

  private File read(String path) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null || !isSafe(path)) {
      return null;
    }
    String resource = path.startsWith(WEBJARS) ? webjar(path) : OWN + path;
    if (resource == null) {
      return null;
    }
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      byte[] content = in.readAllBytes();
      if (resource.startsWith(OWN) && !path.endsWith(SNIPPETS)) {
        content = withoutRemarks(content, type);
      }
      return new File(content, type, "\"" + digest(content).substring(0, 20) + "\"");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Scripts and styles without the lines that only explain something, which browsers need not load.
   */
  private static byte[] withoutRemarks(byte[] content, String type) {
    if (!type.startsWith("text/javascript") && !type.startsWith("text/css")) {
      return content;
    }
    String text = new String(content, StandardCharsets.UTF_8);
    return REMARK.matcher(text).replaceAll("").getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isSafe(String path) {
    for (String segment : path.split("/", -1)) {
      if (!SAFE.matcher(segment).matches()) {
        return false;
      }
    }
    return true;
  }

  private String webjar(String path) {
    String[] parts = path.split("/", 3);
    if (parts.length < 3) {
      return null;
    }
    String version = webjarVersions.computeIfAbsent(parts[1], PageFiles::versionOf);
    return version == null
        ? null
        : "/META-INF/resources/webjars/" + parts[1] + "/" + version + "/" + parts[2];
  }

  private static String versionOf(String webjar) {
    String properties = "/META-INF/maven/org.webjars.npm/" + webjar + "/pom.properties";
    try (InputStream in = PageFiles.class.getResourceAsStream(properties)) {
      if (in == null) {
        return null;
      }
      Properties found = new Properties();
      found.load(in);
      return found.getProperty("version");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
