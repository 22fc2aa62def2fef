using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Microsoft.OpenApi;

namespace Bootstrapper.Http.Operators;

/// <summary><c>/openapi/v1.json</c>: what operators' programs may ask, drawn from the endpoints themselves.</summary>
internal static class OpenApi
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("nodes", "Machines: what they do, and what becomes of them."),
        ("events", "What is seen of them, as it happens."),
        ("cluster", "All of them together, and what they are served from."),
        ("audit", "Who changed what, and why."),
        ("registry", "The registry of container images."),
        ("operators", "Who asks."),
    ];

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = endpoint =>
            endpoint.HttpMethod != HttpMethods.Head && endpoint.ActionDescriptor.EndpointMetadata.OfType<RequiredRole>().Any();
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Bootstrapper",
                Version = "v1",
                Description = "The operators' API: shows and changes machines.",
                License = new OpenApiLicense { Name = "Apache 2.0", Identifier = "Apache-2.0" },
            };
            document.Servers = [ServerOf(context.ApplicationServices.GetRequiredService<CurrentSnapshot>().Value.Cluster)];
            document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
            Secure(document);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").For(OperatorRole.Viewer);

    private static OpenApiServer ServerOf(ClusterDescription cluster) => new()
    {
        Url = $"https://{cluster.Bootstrapper}{(cluster.Ports.Https == 443 ? "" : $":{cluster.Ports.Https}")}",
        Description = $"The bootstrapper of {cluster.DomainName}",
    };

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
