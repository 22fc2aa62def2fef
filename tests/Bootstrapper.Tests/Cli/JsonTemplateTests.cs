using System.Text.Json;
using Bootstrapper.Cli;

namespace Bootstrapper.Tests.Cli;

/// <summary>What kubectl's users type after <c>-o jsonpath=</c>.</summary>
public sealed class JsonTemplateTests
{
    private static readonly JsonElement List = JsonSerializer.Deserialize<JsonElement>("""
        [
          {"name": "a", "labels": {"kubernetes.io/arch": "arm64"}, "disks": [{"size":1},{"size":2}]},
          {"name": "b", "labels": {}, "disks": []}
        ]
        """);

    [Theory]
    [InlineData("{.items[*].name}", "a b")]
    [InlineData("{$.items[0].name}", "a")]
    [InlineData("{.items[-1].name}", "b")]
    [InlineData("{.items[2].name}", "")]
    [InlineData("{.items[*].disks[*].size}", "1 2")]
    [InlineData("{.items[0].disks}", """[{"size":1},{"size":2}]""")]
    [InlineData(@"{.items[0].labels.kubernetes\.io/arch}", "arm64")]
    [InlineData("{.items[0].labels['kubernetes.io/arch']}", "arm64")]
    [InlineData("{.items[0].labels.*}", "arm64")]
    [InlineData("""{range .items[*]}{.name}:{range .disks[*]}{"\t"}{@.size}{end}{"\n"}{end}""", "a:\t1\t2\nb:\n")]
    [InlineData("first {.items[0].name}!", "first a!")]
    [InlineData("", "")]
    public void Paths_are_followed_as_kubectl_does(string template, string expected) =>
        Assert.Equal(expected, JsonTemplate.Parse(template).Fill(List));

    [Theory]
    [InlineData("{.name", "'{.name' is not a template: expected {.path}, got '{.name'")]
    [InlineData("{}", "'{}' is not a template: expected {.path}, got '{}'")]
    [InlineData("{name}", "'name' is not a path: expected .name, [0] or [*], got 'name'")]
    [InlineData("{..name}", "'..name' is not a path: expected .name, [0] or [*], got '..name'")]
    [InlineData("{.items[?(@.name==\"a\")]}", "'.items[?(@.name==\"a\")]' is not a path: ")]
    [InlineData("{range .items[*]}{.name}", "{range} without {end}")]
    [InlineData("{end}", "{end} without {range}")]
    public void What_is_no_template_is_refused_with_the_place(string template, string reason) =>
        Assert.StartsWith(
            reason, Assert.Throws<FormatException>(() => JsonTemplate.Parse(template)).Message, StringComparison.Ordinal);
}
