using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Machines;

/// <summary>How machines tell what is in them: the scripts that look, which hold no secret, and where they report.</summary>
internal static class DiscoveryEndpoints
{
    internal static readonly JsonSerializerOptions Strict =
        new(InventoryFiles.Json) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/facts.sh", (HttpContext context, CurrentSnapshot current) =>
            BootAnswer.Script(current.Value.FactsScript(Client.Address(context), context.Request.IsHttps)));
        routes.MapGet("/discover.sh", (HttpContext context, CurrentSnapshot current) =>
            current.Value.Cluster.UnknownNodes == UnknownNodes.Ignore
                ? BootAnswer.Error(StatusCodes.Status403Forbidden, $"{Bsroot.DescriptionName} says unknown_nodes: ignore")
                : BootAnswer.Script(current.Value.DiscoverScript(Client.Address(context), context.Request.IsHttps)));
        routes.MapPost("/api/v1/report/{mac}/facts", PostAsync);
    }

    private static async Task<IResult> PostAsync(string mac, HttpContext context, Discovery discovery)
    {
        if (!MacAddress.TryParse(mac, null, out var card) || !card.IsUnicast)
        {
            return TypedResults.Problem(
                "this is not a MAC address such as 00:25:90:c0:f7:80", statusCode: StatusCodes.Status400BadRequest);
        }

        var facts = await ReadAsync(context);
        var (status, refusal) = discovery.Tell(card, facts, context);
        return refusal is null ? TypedResults.NoContent() : TypedResults.Problem(refusal, statusCode: status);
    }

    /// <remarks>busybox' wget cannot say that it sends JSON.</remarks>
    /// <exception cref="BadHttpRequestException">The body is not what facts.sh sends.</exception>
    private static async Task<NodeFacts> ReadAsync(HttpContext context)
    {
        try
        {
            var facts = await JsonSerializer.DeserializeAsync<NodeFacts>(context.Request.Body, Strict, context.RequestAborted);
            return (facts ?? NodeFacts.None).Bounded();
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"invalid facts: {e.Message}", e);
        }
    }
}
