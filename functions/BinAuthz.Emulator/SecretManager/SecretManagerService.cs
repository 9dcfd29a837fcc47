using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.SecretManager.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using States = Google.Cloud.SecretManager.V1.SecretVersion.Types.State;

namespace BinAuthz.Emulator.SecretManager;

/// <summary>Secrets over gRPC and REST.</summary>
internal sealed class SecretManagerService(SecretStore secrets) : Google.Cloud.SecretManager.V1.SecretManagerService.SecretManagerServiceBase
{
    private const int PageSize = 25_000;

    public override Task<Secret> CreateSecret(CreateSecretRequest request, ServerCallContext context) =>
        Task.FromResult(secrets.Create(request.Parent, request.SecretId, request.Secret));

    public override Task<Secret> GetSecret(GetSecretRequest request, ServerCallContext context) => Task.FromResult(secrets.Get(request.Name).Secret);

    public override Task<Empty> DeleteSecret(DeleteSecretRequest request, ServerCallContext context)
    {
        secrets.Delete(request.Name);
        return Task.FromResult(new Empty());
    }

    public override Task<ListSecretsResponse> ListSecrets(ListSecretsRequest request, ServerCallContext context)
    {
        RefuseFilter(request.Filter);
        var all = secrets.List(request.Parent);
        var page = Page.Of(all, request.PageSize, request.PageToken, PageSize);
        return Task.FromResult(new ListSecretsResponse { Secrets = { page.Items }, NextPageToken = page.NextToken, TotalSize = all.Count });
    }

    public override Task<SecretVersion> AddSecretVersion(AddSecretVersionRequest request, ServerCallContext context) =>
        Task.FromResult(secrets.AddVersion(request.Parent, request.Payload ?? new SecretPayload()));

    public override Task<ListSecretVersionsResponse> ListSecretVersions(ListSecretVersionsRequest request, ServerCallContext context)
    {
        RefuseFilter(request.Filter);
        SecretVersion[] all = [.. secrets.Get(request.Parent).Versions.Select(stored => stored.Resource).Reverse()];
        var page = Page.Of(all, request.PageSize, request.PageToken, PageSize);
        return Task.FromResult(new ListSecretVersionsResponse { Versions = { page.Items }, NextPageToken = page.NextToken, TotalSize = all.Length });
    }

    public override Task<SecretVersion> GetSecretVersion(GetSecretVersionRequest request, ServerCallContext context) => Task.FromResult(secrets.Version(request.Name).Resource);

    public override Task<AccessSecretVersionResponse> AccessSecretVersion(AccessSecretVersionRequest request, ServerCallContext context)
    {
        var stored = secrets.Version(request.Name);
        return stored.Resource.State == States.Enabled
            ? Task.FromResult(new AccessSecretVersionResponse
            {
                Name = stored.Resource.Name,
                Payload = new SecretPayload { Data = stored.Data, DataCrc32C = Kms.Crc32C.Of(stored.Data.Span) },
            })
            : throw Errors.Precondition($"Secret Version [{stored.Resource.Name}] is in {stored.Resource.State.ToString().ToUpperInvariant()} state.");
    }

    public override Task<SecretVersion> DisableSecretVersion(DisableSecretVersionRequest request, ServerCallContext context) =>
        Task.FromResult(secrets.Change(request.Name, States.Disabled));

    public override Task<SecretVersion> EnableSecretVersion(EnableSecretVersionRequest request, ServerCallContext context) =>
        Task.FromResult(secrets.Change(request.Name, States.Enabled));

    public override Task<SecretVersion> DestroySecretVersion(DestroySecretVersionRequest request, ServerCallContext context) =>
        Task.FromResult(secrets.Change(request.Name, States.Destroyed));

    private static void RefuseFilter(string filter)
    {
        if (filter.Length > 0)
        {
            throw Errors.Unimplemented($"The emulator does not filter secrets: '{filter}'.");
        }
    }
}
