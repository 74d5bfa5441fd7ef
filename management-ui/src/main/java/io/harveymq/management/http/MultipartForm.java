package io.harveymq.management.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Forms as browsers upload files with. They are read in memory; no file is ever written. Owned by
 * the HTTP server's event loop.
 */
public final class MultipartForm {
  private static final String TYPE = "multipart/form-data";

  private MultipartForm() {}

  private static boolean isForm(RoutingContext context) {
    String type = context.request().getHeader("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  /**
   * The parts of a form by name.
   *
   * @return null when the body is no such form
   * @throws ApiException 400 when it says that it is, but can't be read
   */
  public static Map<String, byte[]> read(ApiRequest request) {
    if (!isForm(request.context())) {
      return null;
    }
    DefaultFullHttpRequest form =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(request.bytes()));
    form.headers().set(HttpHeaderNames.CONTENT_TYPE, request.header("content-type"));
    Map<String, byte[]> parts = new HashMap<>();
    HttpPostMultipartRequestDecoder decoder = null;
    try {
      decoder = new HttpPostMultipartRequestDecoder(new DefaultHttpDataFactory(false), form);
      for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
        if (part instanceof HttpData data) {
          parts.putIfAbsent(part.getName(), data.get());
        }
      }
      return parts;
    } catch (HttpPostRequestDecoder.ErrorDataDecoderException | IOException malformed) {
      throw ApiException.badRequest("the form can't be read: " + malformed.getMessage());
    } catch (IndexOutOfBoundsException | IllegalArgumentException malformed) {
      // What the decoder does with headers that lack the second half of a pair.
      throw ApiException.badRequest("the form can't be read: a header of a part is malformed");
    } finally {
      if (decoder != null) {
        decoder.destroy();
      }
    }
  }
}
