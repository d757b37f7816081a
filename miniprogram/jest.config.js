/** Unit tests in WeChat's own simulator: jsdom, the kit's ES modules made CommonJS, our sources as they are. */
'use strict'

module.exports = {
  testEnvironment: 'jsdom',
  testEnvironmentOptions: { url: 'https://jest.test' },
  testMatch: ['<rootDir>/tests/**/*.test.js'],
  moduleDirectories: ['node_modules', 'miniprogram_npm'],
  transform: { 'miniprogram_npm/.+\\.js$': ['babel-jest', { plugins: ['@babel/plugin-transform-modules-commonjs'], babelrc: false, configFile: false }] },
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/node_modules/tdesign-miniprogram/'],
}
