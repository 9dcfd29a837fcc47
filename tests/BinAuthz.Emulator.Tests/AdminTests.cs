using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace BinAuthz.Emulator.Tests;

public sealed class AdminTests
{
    [Fact]
    public async Task PutSwitches_Changed_ApplyToTheRunningEmulator()
    {
        await using var emulator = await EmulatorHost.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = emulator.RestEndpoint };
        var address = new Uri("/emulator/v1/switches", UriKind.Relative);
        var switches = (await http.GetFromJsonAsync<JsonObject>(address, TestContext.Current.CancellationToken))!;
        switches["duplicateDeliveries"] = 0.5;
        switches["refuseDuplicateAttestations"] = false;
        switches["attestorPropagation"] = "00:05:00";
        switches["refuseAttestationUpdates"] = true;
        switches["failKeyGeneration"] = true;
        switches["keyDisableDelay"] = "00:01:00";

        using var answer = await http.PutAsJsonAsync(address, switches, TestContext.Current.CancellationToken);

        answer.EnsureSuccessStatusCode();
        Assert.Equal(0.5, emulator.Switches.DuplicateDeliveries);
        Assert.False(emulator.Switches.RefuseDuplicateAttestations);
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)), (emulator.Switches.AttestorPropagation, emulator.Switches.KeyDisableDelay));
        Assert.True(emulator.Switches is { RefuseAttestationUpdates: true, FailKeyGeneration: true });
    }
}
