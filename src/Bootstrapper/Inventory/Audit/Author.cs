using System.Net;
using System.Text.Json.Serialization;
using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Audit;

/// <summary>Who asked for a change: a machine by its address, an operator by name, or the program by itself.</summary>
internal sealed record Author
{
    private const string OperatorKind = "operator";

    public static readonly Author Program = new("bootstrapper", "program");

    [JsonConstructor]
    private Author(string name, string kind) => (Name, Kind) = (Printable.Author(name), kind);

    public string Name { get; }

    /// <summary><c>machine</c>, <c>operator</c> or <c>program</c>.</summary>
    public string Kind { get; }

    [JsonIgnore]
    public bool IsOperator => Kind == OperatorKind;

    public static Author Machine(IPAddress address) => new(address.ToString(), "machine");

    public static Author Operator(string name) => new(name, OperatorKind);

    /// <summary>As git writes an author; what stands for the mail address tells people from machines.</summary>
    public override string ToString() => $"{Name} <{Kind}>";
}
