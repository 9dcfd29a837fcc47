using System.Net;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using Microsoft.AspNetCore.Http;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>The transport against services that misbehave.</summary>
public sealed class ChannelHttpTests
{
    private static readonly DeliveryLimits Quick = new(3, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));
    private static readonly DeliveryLimits Impatient = new(2, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(new[] { 200 }, 1)]
    [InlineData(new[] { 202 }, 1)]
    [InlineData(new[] { 500, 200 }, 2)]
    [InlineData(new[] { 503, 429, 204 }, 3)]
    public async Task Post_TakenInTheEnd_IsSentAsOftenAsNeeded(int[] statuses, int requests)
    {
        await using var service = await LocalService.AnsweringAsync(statuses);

        await PostAsync(service.Address, Quick);

        Assert.Equal(requests, service.Requests.Count);
        Assert.All(service.Requests, request => Assert.Equal(("/services/T0000/B0000/secret-token", "{}"), (request.Path, request.Body)));
    }

    [Theory]
    [InlineData(500, 3, true)]
    [InlineData(429, 3, true)]
    [InlineData(408, 3, true)]
    [InlineData(400, 1, false)]
    [InlineData(403, 1, false)]
    [InlineData(404, 1, false)]
    [InlineData(410, 1, false)]
    public async Task Post_AlwaysRefused_FailsWithTheStatus(int status, int requests, bool transient)
    {
        await using var service = await LocalService.AnsweringAsync(status);

        var error = await FailureAsync(service.Address, Quick);

        Assert.Equal($"Channel 'team': It answered {status}.", error.Message);
        Assert.Equal(transient, error.IsTransient);
        Assert.Equal(requests, service.Requests.Count);
    }

    [Theory]
    [InlineData("0", 2)]
    [InlineData("1", 2)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 2)]
    [InlineData("3600", 1)]
    [InlineData("soon", 2)]
    public async Task Post_RetryAfter_IsHonouredUpToABound(string retryAfter, int requests)
    {
        await using var service = await LocalService.StartAsync((context, before) =>
        {
            context.Response.StatusCode = before == 0 ? 429 : 200;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });

        var failure = await Record.ExceptionAsync(() => PostAsync(service.Address, Quick));

        Assert.Equal(requests, service.Requests.Count);
        Assert.Equal(requests == 1 ? TimeSpan.FromHours(1) : (TimeSpan?)null, (failure as AlertChannelException)?.RetryAfter);
    }

    [Fact]
    public async Task Post_ServiceHangs_GivesUp()
    {
        await using var service = await LocalService.StartAsync((context, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));

        var error = await FailureAsync(service.Address, Impatient);

        Assert.Equal("Channel 'team': There was no answer within 0.2 s.", error.Message);
        Assert.True(error.IsTransient);
        Assert.Equal(2, service.Requests.Count);
    }

    [Fact]
    public async Task Post_TotalIsOver_GivesUpWithTheLastReason()
    {
        await using var service = await LocalService.AnsweringAsync(503);
        var limits = new DeliveryLimits(100, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(150), TimeSpan.FromHours(1));

        var error = await FailureAsync(service.Address, limits);

        Assert.Equal("Channel 'team': It answered 503.", error.Message);
        Assert.InRange(service.Requests.Count, 1, 10);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Post_RedirectToAPrivateAddress_IsNotFollowed(int status)
    {
        await using var inner = await LocalService.AnsweringAsync(200);
        await using var service = await LocalService.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = inner.Address.ToString();
            return Task.CompletedTask;
        });

        var error = await FailureAsync(service.Address, Quick);

        Assert.StartsWith($"Channel 'team': It answered {status}, a redirect, which is never followed.", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(inner.Requests);
        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task Post_EndlessAnswer_IsNotRead(int status)
    {
        await using var service = await LocalService.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });

        var error = await Record.ExceptionAsync(() => PostAsync(service.Address, Quick));

        Assert.Equal(status == 200 ? null : "Channel 'team': It answered 400 and a long text.", error?.Message);
    }

    [Fact]
    public async Task Post_ServiceEchoesTheSecret_ItIsNotInTheError()
    {
        await using var service = await LocalService.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync($"no_such_hook\u0000\u202E {context.Request.Path} <b> secret-token SECRET-TOKEN {Uri.EscapeDataString(context.Request.Path)}");
        });

        var error = await FailureAsync(service.Address, Quick);

        Assert.StartsWith("Channel 'team': It answered 400: no_such_hook", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', error.Message);
    }

    [Fact]
    public async Task Post_CertificateNobodyTrusts_FailsForGood()
    {
        await using var service = await LocalService.StartAsync((_, _) => Task.CompletedTask, encrypted: true);

        var error = await FailureAsync(service.Address, Quick);

        Assert.Contains("No TLS connection can be made", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Post_NobodyListens_IsTransientAndNamesNoAddress()
    {
        Uri address;
        await using (var service = await LocalService.AnsweringAsync(200))
        {
            address = service.Address;
        }

        var error = await FailureAsync(address, Quick);

        Assert.Equal("Channel 'team': It cannot be connected to.", error.Message);
        Assert.True(error.IsTransient);
        Assert.DoesNotContain("127.0.0.1", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_NotSpeakingHttp_IsTransient()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();

        var error = await FailureAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/secret-token"), Quick with { Attempts = 1 });

        await serving;
        Assert.StartsWith("Channel 'team': It did not answer as HTTP has it", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);

        async Task ServeAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.9\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Post_Strict_ReachesNothingOnThisMachine()
    {
        await using var service = await LocalService.AnsweringAsync(200);

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => PostAsync(service.Address, Quick, new Dialler(allowPrivate: false)));

        Assert.Contains("write allowPrivate: true", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Post_NameThatTurnsToAPrivateAddress_IsRefusedWhenItConnects()
    {
        await using var service = await LocalService.AnsweringAsync(200);
        var asked = 0;
        var dialler = new Dialler(allowPrivate: false, (_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [IPAddress.Loopback] : [IPAddress.Parse("8.8.8.8")]));

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => PostAsync(new Uri($"https://rebinding.example:{service.Address.Port}/"), Quick, dialler));

        Assert.Contains("no public address", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
        Assert.Empty(service.Requests);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    public async Task Post_MetadataServer_IsRefusedEvenIfPrivateIsAllowed(string address)
    {
        var dialler = new Dialler(allowPrivate: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => PostAsync(new Uri("https://metadata.google.internal/computeMetadata/v1/"), Quick, dialler));

        Assert.Contains("addresses that are never used", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithoutEncryptionToAnotherMachine_IsRefused()
    {
        var dialler = new Dialler(allowPrivate: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1")]));

        var error = await Assert.ThrowsAsync<AlertChannelException>(() => PostAsync(new Uri("http://inner.example/"), Quick, dialler));

        Assert.Contains("Without encryption a channel reaches this machine only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Usual_TellsNothingThatIsNotAsked()
    {
        await using var service = await LocalService.AnsweringAsync(200);
        using var activity = new System.Diagnostics.Activity("test").Start();

        await PostAsync(service.Address, Quick);

        Assert.True(service.Requests.TryPeek(out var request));
        Assert.Equal("Content-Length Content-Type Host User-Agent", string.Join(' ', request.Headers.Keys.Order(StringComparer.Ordinal)));
    }

    private static Task<AlertChannelException> FailureAsync(Uri address, DeliveryLimits limits) => Assert.ThrowsAsync<AlertChannelException>(() => PostAsync(address, limits));

    private static async Task PostAsync(Uri address, DeliveryLimits limits, Dialler? dialler = null)
    {
        using var http = new ChannelHttp(dialler ?? new Dialler(allowPrivate: true), limits, TimeProvider.System);
        await http.PostAsync("team", new ChannelRequest(address, "{}"u8.ToArray(), "application/json") { Secrets = [address.ToString()] }, TestContext.Current.CancellationToken);
    }
}
