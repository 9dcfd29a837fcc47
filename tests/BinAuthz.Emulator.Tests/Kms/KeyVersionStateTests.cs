using System.Security.Cryptography;
using Google.Cloud.Kms.V1;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using VersionState = Google.Cloud.Kms.V1.CryptoKeyVersion.Types.CryptoKeyVersionState;

namespace BinAuthz.Emulator.Tests.Kms;

public sealed class KeyVersionStateTests
{
    private static readonly byte[] Message = [1, 2, 3];

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task CreateCryptoKeyVersion_WhileItIsGenerated_CannotBeUsed()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = clock });
        emulator.Host.Switches.KeyGenerationTime = TimeSpan.FromSeconds(10);
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();

        var error = await TestEmulator.FailureAsync(kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop));
        Assert.Equal((StatusCode.FailedPrecondition, $"{version} is not enabled, current state is: PENDING_GENERATION."), (error.StatusCode, error.Status.Detail));
        Assert.Equal(VersionState.PendingGeneration, await StateAsync(kms, version));

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(VersionState.Enabled, await StateAsync(kms, version));
        var key = await kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop);
        Assert.NotEmpty(key.Pem);
    }

    [Fact]
    public async Task CreateCryptoKeyVersion_NoGenerationTime_AnswersPendingAndIsEnabledNext()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();

        var created = await kms.Service.CreateCryptoKeyVersionAsync(new CreateCryptoKeyVersionRequest { Parent = KmsFixture.Key }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((KmsFixture.Key + "/cryptoKeyVersions/2", VersionState.PendingGeneration), (created.Name, created.State));
        Assert.Equal(VersionState.Enabled, await StateAsync(kms, created.Name));
    }

    [Fact]
    public async Task UpdateCryptoKeyVersion_DisabledAndEnabledAgain_SignsWithTheSameKey()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();
        var before = await kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop);

        Assert.Equal(VersionState.Disabled, (await kms.SetStateAsync(version, VersionState.Disabled)).State);
        Assert.Equal(VersionState.Enabled, (await kms.SetStateAsync(version, VersionState.Enabled)).State);
        var answer = await kms.Service.AsymmetricSignAsync(KmsFixture.SignRequest(version, Message), cancellationToken: TestEmulator.Stop);

        using var key = ECDsa.Create();
        key.ImportFromPem(before.Pem);
        Assert.True(key.VerifyData(Message, answer.Signature.ToByteArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Theory]
    [InlineData(VersionState.Destroyed, "state")]
    [InlineData(VersionState.Enabled, "")]
    [InlineData(VersionState.Enabled, "algorithm")]
    public async Task UpdateCryptoKeyVersion_UnsupportedTargetOrField_InvalidArgument(VersionState state, string path)
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        var request = new UpdateCryptoKeyVersionRequest { CryptoKeyVersion = new CryptoKeyVersion { Name = await kms.CreateAsync(), State = state }, UpdateMask = new() };
        if (path.Length > 0)
        {
            request.UpdateMask.Paths.Add(path);
        }

        var error = await TestEmulator.FailureAsync(kms.Service.UpdateCryptoKeyVersionAsync(request, cancellationToken: TestEmulator.Stop));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task DestroyCryptoKeyVersion_ThenRestored_IsDisabled()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = clock });
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();

        var (status, destroyed) = await emulator.SendAsync(HttpMethod.Post, $"/v1/{version}:destroy", "{}");
        Assert.Equal((200, "DESTROY_SCHEDULED", "2026-10-31T00:00:00Z"), (status, (string?)destroyed["state"], (string?)destroyed["destroyTime"]));
        var again = await TestEmulator.FailureAsync(kms.Service.DestroyCryptoKeyVersionAsync(new DestroyCryptoKeyVersionRequest { Name = version }, cancellationToken: TestEmulator.Stop));
        Assert.Equal(StatusCode.FailedPrecondition, again.StatusCode);

        var restored = await kms.Service.RestoreCryptoKeyVersionAsync(new RestoreCryptoKeyVersionRequest { Name = version }, cancellationToken: TestEmulator.Stop);
        Assert.Equal((VersionState.Disabled, null), (restored.State, restored.DestroyTime));
    }

    [Fact]
    public async Task DestroyCryptoKeyVersion_TimeHasPassed_IsDestroyedForGood()
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = clock });
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();
        await kms.Service.DestroyCryptoKeyVersionAsync(new DestroyCryptoKeyVersionRequest { Name = version }, cancellationToken: TestEmulator.Stop);
        clock.Advance(TimeSpan.FromDays(30));

        var restore = await TestEmulator.FailureAsync(kms.Service.RestoreCryptoKeyVersionAsync(new RestoreCryptoKeyVersionRequest { Name = version }, cancellationToken: TestEmulator.Stop));
        var sign = await TestEmulator.FailureAsync(kms.Service.AsymmetricSignAsync(KmsFixture.SignRequest(version, Message), cancellationToken: TestEmulator.Stop));
        var next = await kms.Service.CreateCryptoKeyVersionAsync(new CreateCryptoKeyVersionRequest { Parent = KmsFixture.Key }, cancellationToken: TestEmulator.Stop);

        Assert.Equal((StatusCode.FailedPrecondition, StatusCode.FailedPrecondition), (restore.StatusCode, sign.StatusCode));
        Assert.Equal(VersionState.Destroyed, await StateAsync(kms, version));
        Assert.EndsWith("/cryptoKeyVersions/2", next.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateCryptoKeyVersion_GenerationFails_SaysSoForGood()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();
        await StateAsync(kms, KmsFixture.Key + "/cryptoKeyVersions/1");
        emulator.Host.Switches.FailKeyGeneration = true;
        var created = await kms.Service.CreateCryptoKeyVersionAsync(new CreateCryptoKeyVersionRequest { Parent = KmsFixture.Key }, cancellationToken: TestEmulator.Stop);
        var failed = await kms.Service.GetCryptoKeyVersionAsync(new GetCryptoKeyVersionRequest { Name = created.Name }, cancellationToken: TestEmulator.Stop);
        emulator.Host.Switches.FailKeyGeneration = false;

        Assert.Equal((VersionState.PendingGeneration, VersionState.GenerationFailed), (created.State, failed.State));
        Assert.NotEmpty(failed.GenerationFailureReason);
        Assert.Equal(VersionState.GenerationFailed, await StateAsync(kms, created.Name));
        Assert.Equal(VersionState.Enabled, await StateAsync(kms, KmsFixture.Key + "/cryptoKeyVersions/1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AsymmetricSign_JustDisabledOrToBeDestroyed_WorksForTheDelay(bool destroyed)
    {
        await using var emulator = await TestEmulator.StartAsync(new EmulatorOptions { TimeProvider = clock });
        emulator.Host.Switches.KeyDisableDelay = TimeSpan.FromMinutes(1);
        var kms = new KmsFixture(emulator);
        var version = await kms.CreateAsync();
        var left = destroyed
            ? (await kms.Service.DestroyCryptoKeyVersionAsync(new DestroyCryptoKeyVersionRequest { Name = version }, cancellationToken: TestEmulator.Stop)).State
            : (await kms.SetStateAsync(version, VersionState.Disabled)).State;

        clock.Advance(TimeSpan.FromSeconds(59));
        var early = await kms.Service.AsymmetricSignAsync(KmsFixture.SignRequest(version, Message), cancellationToken: TestEmulator.Stop);
        var key = await TestEmulator.FailureAsync(kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop));
        clock.Advance(TimeSpan.FromSeconds(1));
        var late = await TestEmulator.FailureAsync(kms.Service.AsymmetricSignAsync(KmsFixture.SignRequest(version, Message), cancellationToken: TestEmulator.Stop));

        Assert.Equal(left, await StateAsync(kms, version));
        Assert.NotEmpty(early.Signature);
        Assert.Equal((StatusCode.FailedPrecondition, StatusCode.FailedPrecondition), (key.StatusCode, late.StatusCode));
    }

    [Fact]
    public async Task DestroyCryptoKeyVersion_Unknown_NotFound()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var kms = new KmsFixture(emulator);
        await kms.CreateAsync();

        var error = await TestEmulator.FailureAsync(kms.Service.DestroyCryptoKeyVersionAsync(
            new DestroyCryptoKeyVersionRequest { Name = KmsFixture.Key + "/cryptoKeyVersions/9" }, cancellationToken: TestEmulator.Stop));

        Assert.Equal((StatusCode.NotFound, $"CryptoKeyVersion {KmsFixture.Key}/cryptoKeyVersions/9 not found."), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Restart_WithDataDirectory_KeepsKeysAndTheirMaterial()
    {
        var folder = Directory.CreateTempSubdirectory("emulator-kms-");
        try
        {
            string version, pem;
            await using (var emulator = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = folder.FullName }))
            {
                var kms = new KmsFixture(emulator);
                version = await kms.CreateAsync();
                pem = (await kms.Service.GetPublicKeyAsync(new GetPublicKeyRequest { Name = version }, cancellationToken: TestEmulator.Stop)).Pem;
            }

            await using var second = await TestEmulator.StartAsync(new EmulatorOptions { DataDirectory = folder.FullName });
            var service = new KmsFixture(second).Service;
            var answer = await service.AsymmetricSignAsync(KmsFixture.SignRequest(version, Message), cancellationToken: TestEmulator.Stop);

            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            Assert.True(key.VerifyData(Message, answer.Signature.ToByteArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<VersionState> StateAsync(KmsFixture kms, string version) =>
        (await kms.Service.GetCryptoKeyVersionAsync(new GetCryptoKeyVersionRequest { Name = version }, cancellationToken: TestEmulator.Stop)).State;
}
