using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BinAuthz.Emulator.Cluster;

/// <summary>A watch: one line of JSON for each change, until the client goes or its timeout is over.</summary>
internal sealed class WatchStream
{
    private readonly ApiCall call;
    private readonly Selector selector;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    private WatchStream(ApiCall call)
    {
        this.call = call;
        selector = call.Selector;
    }

    /// <summary>Answers the request.</summary>
    /// <exception cref="StatusException">400, or 410: the changes since the resource version are no longer known.</exception>
    public static async Task AnswerAsync(ApiCall call)
    {
        var services = call.Http.HttpContext.RequestServices;
        if (call.Http.Query["sendInitialEvents"].ToString() == "true")
        {
            throw new StatusException(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
        }

        var stream = new WatchStream(call);
        lock (call.Cluster.Gate)
        {
            stream.Begin();
            call.Cluster.AddWatcher(stream.Offer);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            call.Http.HttpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        using var timeout = int.TryParse(call.Http.Query["timeoutSeconds"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? services.GetRequiredService<TimeProvider>().CreateTimer(_ => stream.lines.Writer.TryComplete(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            await stream.SendAsync(call.Http.HttpContext.Response, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client has seen enough, or the emulator stops.
        }
        finally
        {
            lock (call.Cluster.Gate)
            {
                call.Cluster.RemoveWatcher(stream.Offer);
            }
        }
    }

    private void Begin()
    {
        if (long.TryParse(call.Http.Query["resourceVersion"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 0)
        {
            foreach (var change in call.Cluster.Since(revision))
            {
                Offer(change);
            }

            return;
        }

        foreach (var row in call.Cluster.List(call.Path.Kind, call.Path.Scope).Where(Covers))
        {
            Write("ADDED", row);
        }
    }

    private async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json";
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken).ConfigureAwait(false);
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Inside the gate, where objects may be read.
    private void Offer(ObjectChange change)
    {
        if (change.Kind != call.Path.Kind)
        {
            return;
        }

        var (before, after) = (change.Before is { } old && Covers(old), change.After is { } now && Covers(now));
        if (after)
        {
            Write(before ? "MODIFIED" : "ADDED", change.After!);
        }
        else if (before)
        {
            var gone = change.Before!.Copy();
            gone.Child("metadata")["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
            Write("DELETED", gone);
        }
    }

    private bool Covers(JsonObject row) =>
        (call.Path.Scope.Length == 0 || row.Namespace() == call.Path.Scope) && (call.Path.Name.Length == 0 || row.Name() == call.Path.Name) && selector.Matches(row);

    private void Write(string type, JsonObject row)
    {
        var shown = call.WantsTable ? ObjectTable.Of(call, [row], row.Text("metadata", "resourceVersion")) : row.Copy();
        lines.Writer.TryWrite(new JsonObject { ["type"] = type, ["object"] = shown }.ToJsonString());
    }
}
