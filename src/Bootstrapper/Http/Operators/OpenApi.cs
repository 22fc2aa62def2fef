using System.Net;
using Bootstrapper.Cluster;
using Microsoft.OpenApi;

namespace Bootstrapper.Http.Operators;

/// <summary><c>/openapi/v1.json</c>: what operators' programs may ask, drawn from the endpoints themselves.</summary>
internal static class OpenApi
{
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = endpoint =>
            endpoint.HttpMethod != HttpMethods.Head && endpoint.ActionDescriptor.EndpointMetadata.OfType<RequiredRole>().Any();
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Bootstrapper",
                Version = "v1",
                Description = "The operators' API: shows and changes machines.",
            };
            document.Servers = [];
            Secure(document);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").For(OperatorRole.Viewer);

    /// <summary>Types that are one string on the wire.</summary>
    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(MacAddress))
        {
            (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$");
        }
        else if (type == typeof(IPAddress))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "ipv4");
        }
    }

    private static void Secure(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes["token"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
    }
}
