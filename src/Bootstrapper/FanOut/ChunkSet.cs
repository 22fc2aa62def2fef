using System.Numerics;

namespace Bootstrapper.FanOut;

/// <summary>
/// Some of an image's chunks, in words of 64: what two sets have in common is looked for thousands of times a second.
/// </summary>
internal sealed class ChunkSet(int chunks)
{
    private readonly ulong[] _words = new ulong[(chunks + 63) / 64];

    public int Count { get; private set; }

    public bool this[int chunk] => (_words[chunk / 64] >> (chunk % 64) & 1) != 0;

    /// <returns>Whether it was not in it.</returns>
    public bool Add(int chunk)
    {
        var isNew = !this[chunk];
        _words[chunk / 64] |= 1UL << (chunk % 64);
        Count += isNew ? 1 : 0;
        return isNew;
    }

    public void AddAll()
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            Add(chunk);
        }
    }

    public void Remove(int chunk)
    {
        Count -= this[chunk] ? 1 : 0;
        _words[chunk / 64] &= ~(1UL << (chunk % 64));
    }

    public void Clear()
    {
        Array.Clear(_words);
        Count = 0;
    }

    public IEnumerable<int> All() => InCommon(this, from: 0);

    /// <summary>What is in both, in order.</summary>
    /// <param name="from">A chunk near which it begins; it ends before that.</param>
    public IEnumerable<int> InCommon(ChunkSet other, int from)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            var at = ((from / 64) + i) % _words.Length;
            for (var word = _words[at] & other._words[at]; word != 0; word &= word - 1)
            {
                yield return (at * 64) + BitOperations.TrailingZeroCount(word);
            }
        }
    }
}
