using Bootstrapper.Planning;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Planning;

public sealed class UnifiedDiffTests
{
    /// <summary>git-apply(1) makes the one text of the other.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void It_is_what_git_applies()
    {
        using var directory = new TemporaryDirectory();
        var texts = from lines in Gen.Elements("a", "b", "c", "d").ListOf()
                    select string.Concat(lines.Select(line => line + "\n"));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60),
            Prop.ForAll(texts.Zip(texts).ToArbitrary(), pair =>
            {
                var file = directory.Write("text", pair.Item1);
                var diff = UnifiedDiff.Of(pair.Item1, pair.Item2, KnownSecrets.None);
                Assert.Equal(pair.Item1 == pair.Item2, diff.Length == 0);
                if (diff.Length > 0)
                {
                    var patch = directory.Write("patch", $"--- a/text\n+++ b/text\n{diff}");
                    RealProgram.RunAsync("git", ["apply", patch], directory.Path).GetAwaiter().GetResult();
                }

                Assert.Equal(pair.Item2, File.ReadAllText(file));
            }));
    }
}
