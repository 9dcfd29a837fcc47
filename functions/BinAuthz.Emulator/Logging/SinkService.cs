using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.Iam;
using BinAuthz.Emulator.Logging.Query;
using BinAuthz.Emulator.State;
using Google.Cloud.Logging.V2;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Logging;

/// <summary>google.logging.v2.ConfigServiceV2, as far as sinks go.</summary>
internal sealed partial class SinkService(LogSinks sinks, TimeProvider time) : ConfigServiceV2.ConfigServiceV2Base
{
    private const string SharedIdentity = "serviceAccount:cloud-logs@system.gserviceaccount.com";

    // What Logging replaces when an update names no fields.
    private static readonly FieldMask DefaultMask = new() { Paths = { "destination", "filter", "include_children" } };

    public override Task<ListSinksResponse> ListSinks(ListSinksRequest request, ServerCallContext context)
    {
        var page = Page.Of(sinks.Table.List($"{request.Parent}/sinks"), request.PageSize, request.PageToken);
        return Task.FromResult(new ListSinksResponse { Sinks = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<LogSink> GetSink(GetSinkRequest request, ServerCallContext context) => Task.FromResult(sinks.Table.Find(request.SinkName) ?? throw Missing(request.SinkName));

    public override Task<LogSink> CreateSink(CreateSinkRequest request, ServerCallContext context)
    {
        var sink = request.Sink ?? throw Errors.Invalid("sink must be given.");
        if (!ValidName().IsMatch(sink.Name))
        {
            throw Errors.Invalid($"The sink name \"{sink.Name}\" is not valid: it has 1 to 100 letters, digits and _-. and begins with a letter or digit.");
        }

        Check(sink);
        sink.WriterIdentity = request.UniqueWriterIdentity ? UniqueIdentity(request.Parent) : SharedIdentity;
        sink.CreateTime = sink.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        var name = $"{request.Parent}/sinks/{sink.Name}";
        return sinks.Table.TryAdd(name, sink) ? Task.FromResult(sink) : throw Errors.AlreadyExists($"Sink {sink.Name} already exists");
    }

    public override Task<LogSink> UpdateSink(UpdateSinkRequest request, ServerCallContext context)
    {
        var wanted = request.Sink ?? throw Errors.Invalid("sink must be given.");
        var mask = request.UpdateMask is { Paths.Count: > 0 } given ? given : DefaultMask;
        var updated = sinks.Table.Update(request.SinkName, current =>
        {
            foreach (var path in mask.Paths)
            {
                Change(current, wanted, path);
            }

            Check(current);
            UpdateIdentity(current, request);
            current.UpdateTime = Timestamp.FromDateTimeOffset(time.GetUtcNow());
            return current;
        });
        return Task.FromResult(updated ?? throw Missing(request.SinkName));
    }

    public override Task<Empty> DeleteSink(DeleteSinkRequest request, ServerCallContext context) =>
        sinks.Table.Remove(request.SinkName) ? Task.FromResult(new Empty()) : throw Missing(request.SinkName);

    private static void Change(LogSink current, LogSink wanted, string path)
    {
        switch (path)
        {
            case "destination":
                current.Destination = wanted.Destination;
                break;
            case "filter":
                current.Filter = wanted.Filter;
                break;
            case "include_children":
                current.IncludeChildren = wanted.IncludeChildren;
                break;
            case "description":
                current.Description = wanted.Description;
                break;
            case "disabled":
                current.Disabled = wanted.Disabled;
                break;
            case "exclusions":
                current.Exclusions.Clear();
                current.Exclusions.Add(wanted.Exclusions);
                break;
            default:
                throw Errors.Invalid($"update_mask names '{path}', which is not an updatable field of a sink.");
        }
    }

    private static void UpdateIdentity(LogSink current, UpdateSinkRequest request)
    {
        if (request.UniqueWriterIdentity)
        {
            current.WriterIdentity = UniqueIdentity(LogName.Parent(request.SinkName));
        }
        else if (current.WriterIdentity != SharedIdentity && request.UpdateMask is null)
        {
            throw Errors.Invalid("unique_writer_identity cannot be turned off again.");
        }
    }

    private static void Check(LogSink sink)
    {
        LogQuery.Parse(sink.Filter);
        foreach (var exclusion in sink.Exclusions)
        {
            LogQuery.Parse(exclusion.Filter);
        }

        if (!Topic().IsMatch(sink.Destination))
        {
            throw Errors.Unimplemented($"The emulator delivers to Pub/Sub topics only: the destination \"{sink.Destination}\" is not {LogSinks.TopicPrefix}projects/PROJECT/topics/TOPIC.");
        }
    }

    private static string UniqueIdentity(string parent) => $"serviceAccount:service-{ProjectNumber.Of(parent[(parent.IndexOf('/', StringComparison.Ordinal) + 1)..])}@gcp-sa-logging.iam.gserviceaccount.com";

    private static RpcException Missing(string name) => Errors.NotFound($"Sink {name[(name.LastIndexOf('/') + 1)..]} does not exist");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}\z")]
    private static partial Regex ValidName();

    [GeneratedRegex(@"\Apubsub\.googleapis\.com/projects/[^/]+/topics/[^/]+\z")]
    private static partial Regex Topic();
}
