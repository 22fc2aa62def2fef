namespace Bootstrapper.Http.Operators;

/// <summary>Where a machine stands in a <see cref="NodeOrder"/>.</summary>
/// <param name="Mac">With dashes.</param>
internal sealed record NodePlace(string Key, string HostName, string Mac)
{
    /// <summary>In no order's name, no host name and no MAC address, and nothing that a URL would have to escape.</summary>
    private const char Separator = '~';

    /// <summary>As the <c>after</c> of the next page: with its order, for in another it means nothing.</summary>
    public string ToCursor(NodeOrder order) => string.Join(Separator, order.Name, HostName, Mac, Key);

    /// <summary>Reads a cursor. By host name, which is the order where none is asked for, a host name alone will do.</summary>
    /// <returns><c>null</c> when it is none of this order.</returns>
    public static NodePlace? Parse(string cursor, NodeOrder order) => cursor.Split(Separator, 4) switch
    {
        [var name, var hostName, var mac, var key] when name == order.Name => new NodePlace(key, hostName, mac),
        [var hostName] when order.Name == NodeOrder.ByHostName => new NodePlace(hostName, hostName, Mac: "\uffff"),
        _ => null,
    };
}
