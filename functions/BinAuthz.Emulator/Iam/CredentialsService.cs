using Google.Cloud.Iam.Credentials.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace BinAuthz.Emulator.Iam;

/// <summary>IAM credentials: the token of a service account is its e-mail address.</summary>
internal sealed class CredentialsService(TimeProvider time) : IAMCredentials.IAMCredentialsBase
{
    public override Task<GenerateAccessTokenResponse> GenerateAccessToken(GenerateAccessTokenRequest request, ServerCallContext context) => Task.FromResult(new GenerateAccessTokenResponse
    {
        AccessToken = request.Name[(request.Name.LastIndexOf('/') + 1)..],
        ExpireTime = WholeSeconds(time.GetUtcNow() + (request.Lifetime?.ToTimeSpan() ?? TimeSpan.FromHours(1))),
    });

    // gcloud reads no fractions of a second here.
    private static Timestamp WholeSeconds(DateTimeOffset moment) => new() { Seconds = moment.ToUnixTimeSeconds() };
}
