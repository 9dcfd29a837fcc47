using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;

namespace SampleFunctions;

/// <summary>Answers with the request's body.</summary>
public sealed class EchoFunction : IHttpFunction
{
    public Task HandleAsync(HttpContext context) =>
        context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
}
