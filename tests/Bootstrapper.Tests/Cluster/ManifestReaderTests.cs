using Bootstrapper.Cluster.Manifests;

namespace Bootstrapper.Tests.Cluster;

/// <summary>What we know of an operator's Kubernetes objects: that they are some, and which images their pods run.</summary>
public sealed class ManifestReaderTests
{
    private static readonly string Digest = $"sha256:{new string('a', 64)}";

    private static readonly string Objects = $$$"""
        # 🐙 what others wrote
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: config}
        data:
          image: is/text:1
          containers: "{{ not a template }}"
        ---
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: agent
        spec:
          template:
            spec:
              initContainers:
                - name: first
                  image: "quay.io/cilium/cilium:v1@{{{Digest}}}" # quoted
              containers:
                - {name: second, image: 'busybox', command: [a, b]}
                - name: third
                  image:   ghcr.io/x/y:2
        ---
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Pod
            metadata: {name: pod}
            spec: {"containers": [{"name": "c", "image": "quay.io/last:1"}]}
        """;

    [Fact]
    public void Images_of_pods_are_found_and_replaced_where_they_stand_and_nothing_else_is()
    {
        var (manifest, problems) = ManifestReader.Read("cilium/agent.yaml", Objects);
        Assert.Empty(problems);
        Assert.Equal(
            [
                $"quay.io/cilium/cilium:v1@{Digest}", "docker.io/library/busybox:latest", "ghcr.io/x/y:2", "quay.io/last:1",
            ],
            manifest!.Images.Select(image => $"{image.Reference}"));
        Assert.Equal(
            Objects.Replace($"\"quay.io/cilium/cilium:v1@{Digest}\"", "\"<cilium/cilium>\"", StringComparison.Ordinal)
                .Replace("'busybox'", "\"<library/busybox>\"", StringComparison.Ordinal)
                .Replace("ghcr.io/x/y:2", "\"<x/y>\"", StringComparison.Ordinal)
                .Replace("\"quay.io/last:1\"", "\"<last>\"", StringComparison.Ordinal),
            manifest.With(image => $"<{image.Repository}>"));
    }

    [Fact]
    public void Ends_of_lines_of_another_system_and_a_byte_order_mark_change_nothing()
    {
        var windows = "\ufeff" + Objects.Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Equal(
            ManifestReader.Read("a/b.yaml", Objects).Manifest!.With(image => $"<{image.Repository}>"),
            ManifestReader.Read("a/b.yaml", windows).Manifest!.With(image => $"<{image.Repository}>"));
    }

    [Fact]
    public void An_image_that_an_alias_names_again_is_replaced_once() => Assert.Equal(
        "{apiVersion: v1, kind: PodList, containers: &c [{name: x, image: \"<x>\"}], initContainers: *c}",
        ManifestReader.Read(
            "a/b.yaml", "{apiVersion: v1, kind: PodList, containers: &c [{name: x, image: q.io/x}], initContainers: *c}")
                .Manifest!.With(image => $"<{image.Repository}>"));

    [Theory]
    [InlineData("", "1:1: error: holds no object of Kubernetes")]
    [InlineData("# a comment\n---\n", "1:1: error: holds no object of Kubernetes")]
    [InlineData("a: b\n", "1:1: error: is not an object of Kubernetes: expected apiVersion")]
    [InlineData("apiVersion: v1\nmetadata: {name: x}\n", "1:1: error: is not an object of Kubernetes: expected kind")]
    [InlineData("apiVersion: v1\nkind: Pod\n", "1:1: error: is not an object of Kubernetes: expected metadata.name")]
    [InlineData("---\n- a\n", "2:1: error: is not an object of Kubernetes: expected apiVersion")]
    [InlineData("a: [b\n", "is not YAML")]
    [InlineData("a:\n\t- b\n", "2:1: error: is not YAML: a tab indents this line")]
    [InlineData("kind: Pod\nkind: Pod\n", "2:1: error: kind is given twice")]
    [InlineData("? [a]\n: b\n", "1:3: error: a key must be plain text")]
    [InlineData("a: *b\n", "1:4: error: is not YAML: no anchor &b comes before this alias")]
    [InlineData("kind: Pod # \u2028\n", "1:13: error: it has the character U+2028 here")]
    [InlineData("kind: \"\u0007\"\n", "1:8: error: is not YAML: it has the character U+0007 here")]
    public void What_is_wrong_is_told_with_file_and_place(string text, string expected) =>
        Assert.Contains(Problems(text), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("quay.io/Cilium:1", "5:5: error: not the name of a container image: quay.io/Cilium:1")]
    [InlineData("\"\"", "5:5: error: not the name of a container image: ")]
    [InlineData("&i quay.io/cilium:1", "5:5: error: the name of an image must stand on its line as it is")]
    [InlineData("\"quay.io/cilium\\x3a1\"", "5:5: error: the name of an image must stand on its line as it is")]
    public void So_is_an_image_that_cannot_be_replaced(string image, string expected) => Assert.StartsWith(
        $"manifests/cilium/x.yaml:{expected}",
        Assert.Single(Problems(
            $"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{containers: [{{name: c, image:\n    {image}\n}}]}}\n")),
        StringComparison.Ordinal);

    [Fact]
    public void Nesting_without_end_is_refused_and_does_not_end_the_program() => Assert.Contains(
        "nested more than 200 deep",
        Assert.Single(Problems($"a: {new string('[', 100_000)}")),
        StringComparison.Ordinal);

    private static IEnumerable<string> Problems(string text)
    {
        var (manifest, problems) = ManifestReader.Read("cilium/x.yaml", text);
        Assert.Null(manifest);
        return problems.Select(problem => problem.Format("cluster-desc.yml"));
    }
}
