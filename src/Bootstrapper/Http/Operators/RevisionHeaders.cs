using Microsoft.OpenApi;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Describes how a change is made of what somebody has seen and of nothing newer (RFC 9110, 13.1.1): <c>ETag</c> is sent back as
/// <c>If-Match</c>.
/// </summary>
internal static class RevisionHeaders
{
    private const string Tag = "ETag", Condition = "If-Match";

    /// <summary>The answer says which revision it shows.</summary>
    public static RouteHandlerBuilder TellsRevision(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?["200"] is OpenApiResponse response)
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
                response.Headers[Tag] = new OpenApiHeader
                {
                    Description = $"The machine's revision, for {Condition}.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
            }

            return Task.CompletedTask;
        });

    /// <summary>The request may say which revision it is meant for.</summary>
    public static RouteHandlerBuilder TakesRevision(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = Condition,
                In = ParameterLocation.Header,
                Description = $"The {Tag} that this change is meant for: 412 when somebody else was faster. Without it, any.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
            return Task.CompletedTask;
        });
}
