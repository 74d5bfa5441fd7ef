package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The Chromium of this machine, without a window: started before the first suite that needs it,
 * ended after the last. The system properties {@code harvey.test.chromium} and {@code
 * harvey.test.chromedriver} name other programs than Debian's. Its profile and what it downloads
 * are in a temporary folder. One thread at a time, the test's.
 */
final class Browser implements BeforeAllCallback {
  private static final String CHROMIUM =
      System.getProperty("harvey.test.chromium", "/usr/bin/chromium");
  private static final String DRIVER =
      System.getProperty("harvey.test.chromedriver", "/usr/bin/chromedriver");

  /** Kept, because java.util.logging forgets loggers that nobody holds. */
  private static final List<Logger> QUIET =
      Stream.of("org.openqa.selenium.devtools", "org.openqa.selenium.chromium")
          .map(Logger::getLogger)
          .toList();

  private static volatile ChromeDriver driver;
  private static volatile Path folder;

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(Browser.class.getName(), name -> start(), AutoCloseable.class);
  }

  static ChromeDriver driver() {
    return driver;
  }

  /** Where what the page saves goes to. */
  static Path downloads() {
    return folder.resolve("downloads");
  }

  private static AutoCloseable start() {
    for (String program : List.of(CHROMIUM, DRIVER)) {
      assertThat(new File(program).canExecute())
          .as("%s runs; Debian's packages chromium and chromium-driver have it", program)
          .isTrue();
    }
    // It warns that it does not know this Chromium's debugging protocol, which is not used.
    QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    try {
      folder = Files.createTempDirectory("harvey-browser");
      Files.createDirectory(downloads());
    } catch (IOException failure) {
      throw new IllegalStateException("no temporary folder", failure);
    }
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER))
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options());
    return () -> {
      driver.quit();
      delete(folder);
    };
  }

  private static ChromeOptions options() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        // one page at a time needs no processes of their own for sites, drawing and network
        "--disable-site-isolation-trials",
        "--disable-features=IsolateOrigins,site-per-process",
        "--in-process-gpu",
        "--enable-features=NetworkServiceInProcess2",
        "--user-data-dir=" + folder.resolve("profile"));
    options.setExperimentalOption(
        "prefs",
        Map.of(
            "download.default_directory",
            downloads().toString(),
            "credentials_enable_service",
            false));
    options.setCapability("goog:loggingPrefs", logs);
    return options;
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
