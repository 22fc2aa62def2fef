using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Records;

/// <summary>Something secret of a node that was given to somebody.</summary>
/// <param name="Path">Of the request, escaped.</param>
/// <param name="To">The address that asked.</param>
/// <param name="Card">
/// The network card at that address; <c>null</c> behind a router, where only the router's card is seen.
/// </param>
internal sealed record Delivery(string Path, IPAddress To, MacAddress? Card)
{
    /// <summary>Kept for each node; the oldest give way.</summary>
    public const int Most = 40;

    public override string ToString() => $"{Path} to {To}{(Card is { } card ? $", card {card}" : "")}";
}
