using Grpc.Core;

namespace BinAuthz.Emulator;

/// <summary>One answered request.</summary>
/// <param name="Method">The full gRPC method, such as <c>/google.cloud.kms.v1.KeyManagementService/AsymmetricSign</c>.</param>
/// <param name="Principal">Whom the bearer token named.</param>
/// <param name="Status">How it was answered.</param>
public sealed record RecordedRequest(string Method, string Principal, StatusCode Status);
