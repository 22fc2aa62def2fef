using System.Text.Json.Nodes;

namespace Bootstrapper.Cluster.Keys;

/// <summary>What <c>secure_boot</c> may say: a boolean, or the word for an image of the operator's own.</summary>
internal static class SecureBootSyntax
{
    private const string OwnImage = "uki";

    public static readonly Syntax<SecureBoot> Words = new(
        $"y, n or {OwnImage}",
        TryRead,
        new JsonObject
        {
            ["anyOf"] = new JsonArray(
            [
                .. TextSyntax.Flag.Schema["anyOf"]!.AsArray().Select(form => form!.DeepClone()),
                new JsonObject { ["const"] = OwnImage },
            ]),
        });

    private static bool TryRead(string text, out SecureBoot value)
    {
        value = text == OwnImage ? SecureBoot.Uki
            : TextSyntax.Flag.TryRead(text, out var isSigned) && isSigned ? SecureBoot.Shim
            : SecureBoot.Off;
        return value == SecureBoot.Uki || TextSyntax.Flag.TryRead(text, out _);
    }
}
