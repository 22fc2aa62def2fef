using System.Text;

namespace Bootstrapper.Cluster.Manifests;

/// <summary>A file of Kubernetes objects that the operator brings.</summary>
/// <param name="Name">Relative to <c>manifests/</c>: <c>cilium/cilium.yaml</c>.</param>
/// <param name="Images">In the order of the text.</param>
internal sealed record Manifest(string Name, string Text, IReadOnlyList<ManifestImage> Images)
{
    /// <param name="nameOf">What takes the place of an image's name.</param>
    public string With(Func<ImageReference, string> nameOf)
    {
        var text = new StringBuilder();
        var done = 0;
        foreach (var image in Images)
        {
            text.Append(Text, done, image.Start - done).Append('"').Append(nameOf(image.Reference)).Append('"');
            done = image.End;
        }

        return text.Append(Text, done, Text.Length - done).ToString();
    }
}

/// <param name="Start">Of its name in the text.</param>
/// <param name="End">The first character behind it.</param>
internal sealed record ManifestImage(ImageReference Reference, int Start, int End);
