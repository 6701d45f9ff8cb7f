// Writes test packets the way the standards print syntax tables: bit by bit, one syntax element after the other.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kf::tests {

using Buffer = std::vector<std::uint8_t>;

/// Bytes of the ones and zeros in a text; everything else in it is spacing. The last byte is filled up with zeros.
inline Buffer bits(std::string_view text) {
    Buffer bytes;
    std::size_t count = 0;
    for (const char c : text) {
        if (c != '0' && c != '1') continue;
        if (count % 8 == 0) bytes.push_back(0);
        if (c == '1') bytes.back() = static_cast<std::uint8_t>(bytes.back() | 0x80 >> count % 8);
        ++count;
    }
    return bytes;
}

/// ue(v) of ITU-T H.264, 9.1, as text.
inline std::string ue(unsigned value) {
    const int length = std::bit_width(value + 1);
    std::string text(static_cast<std::size_t>(length - 1), '0');
    for (int i = length - 1; i >= 0; --i) text += (value + 1) >> i & 1U ? '1' : '0';
    return text;
}

/// u(count), as text.
inline std::string u(int count, unsigned value) {
    std::string text;
    for (int i = count - 1; i >= 0; --i) text += value >> i & 1U ? '1' : '0';
    return text;
}

inline Buffer joined(std::initializer_list<Buffer> parts) {
    Buffer all;
    for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// NAL units behind start codes: ITU-T H.264, annex B.
inline Buffer byte_stream(std::initializer_list<Buffer> nals) {
    Buffer all;
    for (const Buffer& nal : nals) all = joined({all, {0, 0, 1}, nal});
    return all;
}

/// NAL units behind lengths of `size` bytes: ISO/IEC 14496-15.
inline Buffer with_lengths(int size, std::initializer_list<Buffer> nals) {
    Buffer all;
    for (const Buffer& nal : nals) {
        for (int i = size - 1; i >= 0; --i) all.push_back(static_cast<std::uint8_t>(nal.size() >> (8 * i)));
        all = joined({all, nal});
    }
    return all;
}

/// A start code of MPEG and its payload.
inline Buffer unit(std::uint8_t code, const Buffer& payload = {}) {
    return joined({{0, 0, 1, code}, payload});
}

}  // namespace kf::tests
