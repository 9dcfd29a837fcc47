using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BinAuthz.GoogleCloud;
using Google.Protobuf;
using Grpc.Core;

namespace BinAuthz.Tests.Auditing.Facts;

/// <summary>Answers Google's APIs in a process: gRPC by the name of a method and of what it is called for, REST by path. What is not told is NOT_FOUND.</summary>
internal sealed class StubGoogle : HttpMessageHandler
{
    /// <summary>Stands for every name that is not told by itself.</summary>
    public const string Any = "*";

    private readonly Dictionary<(string Method, string Name), (StatusCode Status, IMessage? Answer)> calls = [];
    private readonly Dictionary<string, (HttpStatusCode Status, string Json)> pages = new(StringComparer.Ordinal);

    public BinAuthzOptions Options { get; } = new() { Endpoint = new Uri("http://stub.test") };

    /// <summary>Every call, as <c>METHOD NAME</c> or as the path.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public GoogleChannels Channels => new(Options, new GoogleTokens(), this);

    public GoogleHttp Http => new(new HttpClient(this, disposeHandler: false), Options, new GoogleTokens(), TimeProvider.System);

    /// <summary>Answers a call of gRPC; the name is the first field of the request, which names or holds the resource.</summary>
    public StubGoogle On(string method, string name, IMessage answer)
    {
        calls[(method, name)] = (StatusCode.OK, answer);
        return this;
    }

    public StubGoogle Refuse(string method, string name)
    {
        calls[(method, name)] = (StatusCode.PermissionDenied, null);
        return this;
    }

    public StubGoogle On(string path, string json, HttpStatusCode status = HttpStatusCode.OK)
    {
        pages[path] = (status, json);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content?.Headers.ContentType?.MediaType != "application/grpc")
        {
            var path = request.RequestUri!.AbsolutePath;
            Asked.Enqueue(path);
            var (code, json) = pages.TryGetValue(path, out var page) ? page : (HttpStatusCode.NotFound, "{}");
            return new HttpResponseMessage(code) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        }

        var body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var (method, name) = (request.RequestUri!.AbsolutePath.Split('/')[^1], FirstField(body.AsSpan(5)));
        Asked.Enqueue($"{method} {name}");
        return Answer(calls.TryGetValue((method, name), out var call) || calls.TryGetValue((method, Any), out call) ? call : (StatusCode.NotFound, null));
    }

    private static HttpResponseMessage Answer((StatusCode Status, IMessage? Answer) call)
    {
        var message = call.Answer?.ToByteArray() ?? [];
        var framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new ByteArrayContent(call.Answer is null ? [] : framed) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var status = ((int)call.Status).ToString(CultureInfo.InvariantCulture);
        if (call.Answer is null)
        {
            response.Headers.Add("grpc-status", status);
            response.Headers.Add("grpc-message", "not here");
        }
        else
        {
            response.TrailingHeaders.Add("grpc-status", status);
        }

        return response;
    }

    private static string FirstField(ReadOnlySpan<byte> message)
    {
        var input = new CodedInputStream(message.ToArray());
        input.ReadTag();
        return input.ReadString();
    }
}
