using System.CommandLine;
using System.Text.Json.Nodes;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node set NODE …</c></summary>
internal static class NodeSetCommand
{
    private static readonly (string Field, Option<string?> Option)[] Texts =
    [
        ("providerId", Text("--provider-id", "Its name in another system.")),
        ("cabinet", Text("--cabinet", "The cabinet that it stands in.")),
        ("position", Text("--position", "Where in the cabinet.")),
        ("bmc", Text("--bmc", "Address of its management controller.")),
    ];

    private static readonly (string Field, Option<string[]> Option)[] Maps =
    [
        ("labels", Pairs("--label", "A label; may be repeated.")),
        ("metadata", Pairs("--metadata", "Anything else; may be repeated.")),
    ];

    public static Command Create()
    {
        var node = ApiOptions.Node();
        return ApiOptions.Command(
            "set",
            """
            Sets notes of a machine. An empty value removes one.

            For example: bootstrapper node set node1 --cabinet A3 --label disk=ssd --label old=
            """,
            async (parsed, api, cancellation) => NodeListing.Nodes.Write(parsed, [await api.PatchAsync(
                parsed.GetRequiredValue(node), PatchOf(parsed), parsed.GetValue(NodeCommand.Reason), cancellation)]),
            [
                node,
                .. Texts.Select(text => text.Option),
                .. Maps.Select(map => map.Option),
                NodeCommand.Reason,
                .. TableOptions.All,
            ]);
    }

    private static JsonObject PatchOf(ParseResult parsed)
    {
        var patch = new JsonObject();
        foreach (var (field, option) in Texts)
        {
            if (parsed.GetValue(option) is { } value)
            {
                patch[field] = ValueOf(value);
            }
        }

        foreach (var (field, option) in Maps)
        {
            if (parsed.GetValue(option) is { Length: > 0 } pairs)
            {
                patch[field] = new JsonObject(
                    pairs.Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], ValueOf(pair[1]))));
            }
        }

        return patch.Count > 0 ? patch : throw new ApiException(ExitCode.Usage, "nothing to set");
    }

    private static JsonNode? ValueOf(string text) => text.Length > 0 ? JsonValue.Create(text) : null;

    private static Option<string?> Text(string name, string description) =>
        new(name) { HelpName = "TEXT", Description = description };

    private static Option<string[]> Pairs(string name, string description)
    {
        var option = new Option<string[]>(name) { HelpName = "NAME=TEXT", Description = description };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"invalid {name}: expected NAME=TEXT, got '{token.Value}'");
            }
        });
        return option;
    }
}
